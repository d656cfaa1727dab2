using System.Net.Sockets;
using Picket.Actors;
using Picket.Detection.Alerts;

namespace Picket.Node.Status;

/// <summary>/status: answers <c>picket status</c> and <c>picket reload</c> over a socket in the node's data folder.</summary>
internal sealed class StatusActor : UntypedActor
{
    private readonly StatusSource _source;
    private StatusServer? _server;

    public StatusActor(StatusSource source) => _source = source;

    protected override void PreStart()
    {
        var collector = new StatusCollector(_source, Context.System);
        var answers = new Dictionary<string, Func<CancellationToken, Task<byte[]>>>(StringComparer.Ordinal)
        {
            [StatusServer.Question] = collector.CollectAsync,
            [StatusServer.Reload] = collector.ReloadAsync,
        };
        try
        {
            _server = StatusServer.Open(StatusServer.PathIn(_source.Options.DataDirectory), answers, _source.Time);
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Nobody can ask; everything else goes on.
            Context.ActorSelection("/user/node/self").Tell(new Notice("status-unavailable", "The node cannot be asked for its status",
                AlertLevel.Low, $"{StatusServer.PathIn(_source.Options.DataDirectory)}: {e.Message}", []), Self);
        }
    }

    protected override void PostStop() => _server?.Dispose();

    protected override void OnReceive(object message) => Unhandled(message);
}
