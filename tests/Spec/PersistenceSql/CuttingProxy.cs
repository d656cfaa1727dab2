using System.Net;
using System.Net.Sockets;

namespace Picket.Spec.PersistenceSql;

/// <summary>Stands between a client and a server, and can lose the server's next answer together with the connection.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _clients = [];
    private readonly int _server;
    private readonly Task _accepting;
    private int _answersToLose;
    private int _requestsToLose;
    private int _lost;

    public CuttingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers and requests that were lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>The next so many times that the server answers, the client hears nothing and the connection ends.</summary>
    public void LoseAnswers(int count) => Volatile.Write(ref _answersToLose, count);

    /// <summary>Ends the client's side of every connection at once; the server does not hear of it until its own end is closed.</summary>
    public void CutClients()
    {
        lock (_clients)
        {
            foreach (var client in _clients) client.Client.Shutdown(SocketShutdown.Both);
            _clients.Clear();
        }
    }

    /// <summary>The next so many requests do not reach the server, and the connection ends.</summary>
    public void LoseRequests(int count) => Volatile.Write(ref _requestsToLose, count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        lock (_clients) _clients.Add(client);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var first = await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), () => Take(ref _requestsToLose), end.Token),
                    CopyAsync(server.GetStream(), client.GetStream(), () => Take(ref _answersToLose), end.Token));
                await end.CancelAsync();
                await first;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side may be gone at any moment.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> lose, CancellationToken token)
    {
        var bytes = new byte[64 * 1024];
        while (await from.ReadAsync(bytes, token) is var read and > 0)
        {
            if (lose())
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            await to.WriteAsync(bytes.AsMemory(0, read), token);
        }
    }

    private static bool Take(ref int left)
    {
        while (Volatile.Read(ref left) is var now and > 0)
        {
            if (Interlocked.CompareExchange(ref left, now - 1, now) == now) return true;
        }

        return false;
    }
}
