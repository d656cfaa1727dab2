using Picket.Actors.Cells;
using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>Asks: a message whose answer is a task.</summary>
public static class Futures
{
    /// <summary>Asks and waits for any answer.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="message">What.</param>
    /// <param name="timeout">How long; null for the system's <c>akka.actor.ask-timeout</c>, zero or less without end.</param>
    /// <exception cref="AskTimeoutException">No answer came in time.</exception>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks and waits for any answer until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks and waits for any answer, so long and until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for a <typeparamref name="T"/>.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for a <typeparamref name="T"/> until cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for a <typeparamref name="T"/>. A <see cref="Status.Failure"/> in its place throws its cause, anything else an
    /// <see cref="ArgumentException"/>.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var answer = new FutureActorRef<T>(SystemOf(self));
        var task = answer.Begin(timeout, cancellationToken);
        self.Tell(message, answer);
        return task;
    }

    /// <summary>Asks with a message that holds the ref of whom to answer.</summary>
    public static Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageFactory);
        var answer = new FutureActorRef<T>(SystemOf(self));
        var task = answer.Begin(timeout, cancellationToken);
        self.Tell(messageFactory(answer), answer);
        return task;
    }

    private static ActorSystem SystemOf(ICanTell self) =>
        InternalActorRef.Known(self)?.System ?? (self as ActorSelection)?.System ?? ActorCell.Current?.System
        ?? throw new ArgumentException("the receiver belongs to no actor system", nameof(self));
}
