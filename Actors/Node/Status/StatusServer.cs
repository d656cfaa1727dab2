using System.Net.Sockets;
using System.Text;

namespace Picket.Node.Status;

/// <summary>
/// A socket that only root and the node's own user may connect to. Each connection is one question, one answer, and the end; all of it is
/// bounded in time, length and number, so that who asks badly, or not at all, costs the node nothing.
/// </summary>
internal sealed class StatusServer : IDisposable
{
    /// <summary>The question how the node is.</summary>
    public const string Question = "status";

    /// <summary>The request to read the rules again, which is answered when that is done.</summary>
    public const string Reload = "reload";

    /// <summary>Connections at a time; more are closed at once.</summary>
    public const int MaxConnections = 8;

    private const int LongestQuestion = 64;
    private const int SocketLevel = 1, PeerCredentials = 17; // SOL_SOCKET, SO_PEERCRED
    private static readonly TimeSpan AskedWithin = TimeSpan.FromSeconds(1), TakenWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly IReadOnlyDictionary<string, Func<CancellationToken, Task<byte[]>>> _answers;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private int _open;

    private StatusServer(Socket listener, IReadOnlyDictionary<string, Func<CancellationToken, Task<byte[]>>> answers, TimeProvider time)
    {
        _listener = listener;
        _answers = answers;
        _time = time;
    }

    /// <summary>The socket's path in a data folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "status.sock");

    /// <summary>Opens the socket. One that a killed node left behind is replaced: whoever opens it holds the folder's lock.</summary>
    /// <param name="path">Where; a folder of mode 0700.</param>
    /// <param name="answers">Makes the answer to each question.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SocketException">The socket cannot be made.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The path is longer than an address may be, about 100 bytes.</exception>
    public static StatusServer Open(
        string path, IReadOnlyDictionary<string, Func<CancellationToken, Task<byte[]>>> answers, TimeProvider time)
    {
        var address = new UnixDomainSocketEndPoint(path);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(address);

            // Nobody can connect before the call to listen, and nobody else reaches into the folder.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(MaxConnections);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        var server = new StatusServer(listener, answers, time);
        _ = Task.Run(server.AcceptAsync);
        return server;
    }

    /// <summary>Closes the socket, which takes its name with it, and what is connected.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptAsync(_stop.Token);
                if (Interlocked.Increment(ref _open) <= MaxConnections) _ = Task.Run(() => ServeAsync(connection));
                else Close(connection);
            }
            catch (Exception e) when (e is SocketException && !_stop.IsCancellationRequested)
            {
                // No descriptor is free, or the one that connected is gone: later ones may have more luck.
                await Task.Delay(RetryDelay, _time);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            if (!MayAsk(connection)) return;
            var question = await ReadAsync(connection);
            var answer = _answers.TryGetValue(question, out var make)
                ? await make(_stop.Token)
                : "{\"error\":\"unknown question\"}\n"u8.ToArray();
            using var limit = Limit(TakenWithin);
            for (var sent = 0; sent < answer.Length;) sent += await connection.SendAsync(answer.AsMemory(sent), limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Who asks has gone, or is too slow.
        }
        finally
        {
            Close(connection);
        }
    }

    /// <summary>The line that was sent; empty for one that is too long, or was not ended in time.</summary>
    private async Task<string> ReadAsync(Socket connection)
    {
        using var limit = Limit(AskedWithin);
        var bytes = new byte[LongestQuestion];
        for (var length = 0; length < bytes.Length;)
        {
            var count = await connection.ReceiveAsync(bytes.AsMemory(length), limit.Token);
            if (count == 0) break;
            length += count;
            var end = bytes.AsSpan(0, length).IndexOf((byte)'\n');
            if (end >= 0) return Encoding.ASCII.GetString(bytes, 0, end);
        }

        return "";
    }

    private CancellationTokenSource Limit(TimeSpan time)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        source.CancelAfter(time);
        return source;
    }

    /// <summary>The file's mode lets nobody else in; that the kernel names who connected costs little and trusts no folder.</summary>
    private static bool MayAsk(Socket connection)
    {
        if (!OperatingSystem.IsLinux()) return true;
        Span<int> credentials = stackalloc int[3]; // pid, uid, gid
        connection.GetRawSocketOption(SocketLevel, PeerCredentials, System.Runtime.InteropServices.MemoryMarshal.AsBytes(credentials));
        return credentials[1] == 0 || credentials[1] == NodeUser.Id;
    }

    private void Close(Socket connection)
    {
        connection.Dispose();
        Interlocked.Decrement(ref _open);
    }
}
