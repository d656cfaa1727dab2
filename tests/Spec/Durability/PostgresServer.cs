using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Picket.Spec.Durability;

/// <summary>A PostgreSQL server of the test's own, in a private folder, that syncs what it commits. It is gone with the test.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PostgresServer : IDisposable
{
    private const string Account = "postgres";
    private static readonly string? Programs = FindPrograms();
    private readonly string _folder;
    private readonly int _port;

    private PostgresServer(string folder, int port)
    {
        _folder = folder;
        _port = port;
    }

    /// <summary>Over loopback.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={Account};Database={Account}");

    /// <summary>Over the socket in the private folder.</summary>
    public string SocketConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host={_folder};Port={_port};Username={Account};Database={Account}");

    /// <summary>Makes and starts one in a folder. Skips the calling test where PostgreSQL is not installed; under CI that is a failure.</summary>
    public static PostgresServer Start(string? within = null)
    {
        const string Missing = "PostgreSQL's initdb and pg_ctl are not here; on a Debian-like system: apt-get install postgresql";
        if (Programs is null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Missing);
        Assert.SkipWhen(Programs is null, Missing);
        var folder = within ?? TestFolder.Make("postgres");
        var server = new PostgresServer(folder, FreePort());
        try
        {
            // The server refuses to run as root.
            if (Environment.IsPrivilegedProcess) server.Run("chown", Account, folder);
            server.RunAs("initdb", "-D", server.Data, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
            server.StartAgain();
            return server;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Starts it after a stop, and returns when it takes connections.</summary>
    public void StartAgain() => RunAs("pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(_folder, "log"),
        "-o", $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on -c max_connections=50 -c shared_buffers=32MB");

    /// <summary>Stops it: sessions are ended in order, or, at once, as if it had crashed.</summary>
    public void Stop(bool atOnce) => RunAs("pg_ctl", "stop", "-w", "-t", "60", "-D", Data, "-m", atOnce ? "immediate" : "fast");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Stop(atOnce: true);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stops a server that runs in a folder whose owner has ended.</summary>
    public static void StopLeft(string folder)
    {
        var left = new PostgresServer(folder, 0);
        var file = Path.Combine(left.Data, "postmaster.pid");
        if (Programs is null || !File.Exists(file)) return;
        // The number may be another process's by now.
        var command = $"/proc/{File.ReadLines(file).First()}/cmdline";
        if (File.Exists(command) && File.ReadAllText(command).Contains(left.Data, StringComparison.Ordinal)) left.Stop(atOnce: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private void RunAs(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", Account, "--", path, .. arguments]);
        else Run(path, arguments);
    }

    /// <summary>What pg_ctl starts inherits its output, so that is not read to its end, but from a file.</summary>
    private void Run(string program, params string[] arguments)
    {
        var said = Path.Combine(_folder, "said");
        string[] quoted = [.. ((string[])[program, .. arguments]).Select(word => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'")];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{string.Join(' ', quoted)} >'{said}' 2>&1 </dev/null"]) { WorkingDirectory = "/" })!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(90)), $"{program} has not ended after 90 s");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {File.ReadAllText(said)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderByDescending(path => path, StringComparer.Ordinal).Select(path => Path.Combine(path, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return versions.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "initdb")));
    }
}
