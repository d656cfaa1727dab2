namespace Picket.Actors.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message is a <typeparamref name="T"/> from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgFromAsync<T>(sender, duration, hint, cancellationToken));

    /// <summary>The next message equals <paramref name="message"/> and is from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgFromAsync(sender, message, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/> that fits, from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgFromAsync(sender, isMessage, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/> that fits, from a sender that fits.</summary>
    public T ExpectMsgFrom<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectMsgFromAsync(isSender, isMessage, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/> from <paramref name="sender"/>, about which more is asserted.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgFromAsync(sender, assertMessage, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/>, about which and whose sender more is asserted.</summary>
    public T ExpectMsgFrom<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectMsgFromAsync(assertSender, assertMessage, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(duration, $"a {Name<T>()} from {sender}", hint, null, sender.Equals, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, $"{Text(message)} from {sender}", hint, actual => AreEqual(message, actual), sender.Equals, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(timeout, $"a {Name<T>()} that fits from {sender}", hint, isMessage, sender.Equals, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(Predicate{IActorRef}, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(timeout, $"a {Name<T>()} that fits from a sender that fits", hint, isMessage, isSender, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public async ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
    {
        var message = await ExpectMsgFromAsync<T>(sender, timeout, hint, cancellationToken).ConfigureAwait(false);
        assertMessage(message);
        return message;
    }

    /// <inheritdoc cref="ExpectMsgFrom{T}(Action{IActorRef}, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public async ValueTask<T> ExpectMsgFromAsync<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default)
    {
        var message = await ExpectMsgAsync<T>(timeout, hint, cancellationToken).ConfigureAwait(false);
        assertSender(LastSender);
        assertMessage(message);
        return message;
    }
}
