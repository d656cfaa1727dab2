using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Picket.Node.CommandLine;

namespace Picket.Node.Status;

/// <summary>Asks the node of a data folder.</summary>
internal static class StatusClient
{
    private const int LongestAnswer = 4 * 1024 * 1024;
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long a reload may take before its asker is told that it goes on.</summary>
    public static TimeSpan ReloadedWithin { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Asks for the status.</summary>
    /// <exception cref="MissingPartException">No node answers, for the reason given.</exception>
    public static Task<JsonDocument> AskAsync(string folder, CancellationToken stop) =>
        AskAsync(folder, StatusServer.Question, AnsweredWithin, stop);

    /// <summary>Asks the node to read its rules again.</summary>
    /// <exception cref="MissingPartException">No node answers, for the reason given.</exception>
    public static Task<JsonDocument> ReloadAsync(string folder, CancellationToken stop) =>
        AskAsync(folder, StatusServer.Reload, ReloadedWithin + AnsweredWithin, stop);

    private static async Task<JsonDocument> AskAsync(string folder, string question, TimeSpan within, CancellationToken stop)
    {
        var path = StatusServer.PathIn(folder);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(question + "\n"), limit.Token);
            using var answer = new MemoryStream();
            var chunk = new byte[16 * 1024];
            for (int count; (count = await socket.ReceiveAsync(chunk, limit.Token)) > 0 && answer.Length < LongestAnswer;)
                answer.Write(chunk, 0, count);
            if (answer.Length == 0)
                throw new MissingPartException($"{path}: the node answers nobody but root and its own user, or is busy");
            var status = JsonDocument.Parse(answer.ToArray());
            if (status.RootElement.TryGetProperty("error", out var error))
                throw new MissingPartException($"{path}: the node says: {error.GetString()}");
            return status;
        }
        catch (SocketException e)
        {
            throw new MissingPartException(Reason(folder, path, e));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new MissingPartException($"{path}: longer than the address of a socket may be, so that its node cannot be asked");
        }
        catch (JsonException)
        {
            throw new MissingPartException($"{path}: the answer broke off");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new MissingPartException($"{path}: the node did not answer within {within.TotalSeconds:0} s");
        }
    }

    private static string Reason(string folder, string path, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"{path}: this user may not ask the node: only root and the node's own user may",
        SocketError.ConnectionRefused => $"no node runs with the data folder {folder}: the last one did not end in order",
        _ when !File.Exists(path) => $"no node runs with the data folder {folder}",
        _ => $"{path}: {e.Message}",
    };
}
