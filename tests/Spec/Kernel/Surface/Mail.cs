using System.Threading.Channels;
using Picket.Actors;

namespace Picket.Spec.Kernel.Surface;

/// <summary>What an actor was told, for a test to wait for.</summary>
public sealed class Mail
{
    private readonly Channel<object> _messages = Channel.CreateUnbounded<object>();

    public void Add(object message) => _messages.Writer.TryWrite(message);

    public async Task<T> Next<T>()
    {
        using var patience = new CancellationTokenSource(SurfaceSpec.Patience);
        try
        {
            return Assert.IsType<T>(await _messages.Reader.ReadAsync(patience.Token), exactMatch: false);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no {typeof(T).Name} within {SurfaceSpec.Patience}");
        }
    }

    public async Task Next<T>(params T[] expected)
    {
        foreach (var each in expected) Assert.Equal(each, await Next<T>());
    }

    /// <summary>Nothing is here, once all that <paramref name="teller"/> was told before is handled.</summary>
    public async Task None(IActorRef teller)
    {
        await teller.Ask<ActorIdentity>(new Identify(1), SurfaceSpec.Patience);
        Assert.False(_messages.Reader.TryRead(out var message), $"unexpected: {message}");
    }
}
