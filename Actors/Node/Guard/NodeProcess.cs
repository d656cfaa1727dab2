using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Picket.Node.Guard;

/// <summary>
/// The node's process as its guard sees it: through descriptors that were opened while it lived, so that a later process of the same
/// number is never taken for it, and so that looking opens no file.
/// </summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMilliseconds(500);

    private readonly int _pid;
    private readonly SafeFileHandle? _stat;
    private readonly SafeFileHandle? _process;
    private readonly byte[] _buffer = new byte[1024];

    public NodeProcess(int pid)
    {
        _pid = pid;
        _process = GuardCalls.OpenProcess(pid);
        try
        {
            _stat = File.OpenHandle(Path("stat"));
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    /// <summary>The state's letter (proc(5)); NUL when there is no such process any more.</summary>
    public char State => Fields() is { Length: > 0 } fields ? (char)fields[0] : '\0';

    /// <summary>Who traces it, as "PID (NAME)"; null for nobody.</summary>
    public string? Tracer
    {
        get
        {
            const string Name = "TracerPid:";
            var line = Lines(Path("status")).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
            if (line is null || line[Name.Length..].Trim() is "0" or "") return null;
            var tracer = line[Name.Length..].Trim();
            return $"{tracer} ({Lines($"/proc/{tracer}/comm").FirstOrDefault("gone")})";
        }
    }

    /// <summary>
    /// How it ended, such as "killed by signal 9"; empty where the kernel does not tell. Its parent alone may ask for that, except that
    /// proc shows it until the parent has asked, and a pidfd after that (since 6.15).
    /// </summary>
    public string Ending()
    {
        if (_process is null) return "";
        GuardCalls.Wait((int)_process.DangerousGetHandle(), EndsWithin);
        var fields = Encoding.ASCII.GetString(Fields()).Split(' ');
        int? status = fields is [var state, ..] && fields.Length >= 50 && state is "Z" or "X"
            ? int.Parse(fields[49], CultureInfo.InvariantCulture)
            : GuardCalls.ExitStatus(_process);
        return status is not { } known ? ""
            : (known & 0x7F) is > 0 and var signal
                ? string.Create(CultureInfo.InvariantCulture, $"killed by signal {signal}{NameOf(signal)}")
            : string.Create(CultureInfo.InvariantCulture, $"by itself with status {known >> 8 & 0xFF}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stat?.Dispose();
        _process?.Dispose();
    }

    /// <summary>The name of a signal that ends processes; the same numbers on x86-64 and arm64.</summary>
    internal static string NameOf(int signal) => signal switch
    {
        1 => " (SIGHUP)",
        2 => " (SIGINT)",
        3 => " (SIGQUIT)",
        4 => " (SIGILL)",
        6 => " (SIGABRT)",
        7 => " (SIGBUS)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        15 => " (SIGTERM)",
        _ => "",
    };

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private string Path(string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{_pid}/{file}");

    /// <summary>The fields behind the name, which may have spaces and brackets in it.</summary>
    private ReadOnlySpan<byte> Fields()
    {
        if (_stat is null) return default;
        try
        {
            var line = _buffer.AsSpan(0, RandomAccess.Read(_stat, _buffer, 0));
            var name = line.LastIndexOf((byte)')');
            return name < 0 || name + 2 >= line.Length ? default : line[(name + 2)..];
        }
        catch (IOException)
        {
            // ESRCH: it has ended.
            return default;
        }
    }
}
