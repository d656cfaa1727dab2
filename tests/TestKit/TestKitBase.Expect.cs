using System.Collections;
using System.Diagnostics;

namespace Picket.Actors.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message is a <typeparamref name="T"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync<T>(duration, hint, cancellationToken));

    /// <summary>The next message equals <paramref name="message"/>; sequences are equal when their items are.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync(message, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/> that fits.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync(isMessage, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/>, about which more is asserted.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync(assert, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/> that fits, with its sender.</summary>
    public T ExpectMsg<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync(isMessageAndSender, timeout, hint, cancellationToken));

    /// <summary>The next message is a <typeparamref name="T"/>, about which and whose sender more is asserted.</summary>
    public T ExpectMsg<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync(assertMessageAndSender, timeout, hint, cancellationToken));

    /// <summary>The next message equals <paramref name="expected"/> by <paramref name="comparer"/>.</summary>
    public T ExpectMsg<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAsync(expected, comparer, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(duration, $"a {Name<T>()}", hint, null, null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, Text(message), hint, actual => AreEqual(message, actual), null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(timeout, $"a {Name<T>()} that fits", hint, isMessage, null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public async ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default)
    {
        var message = await ExpectMsgAsync<T>(timeout, hint, cancellationToken).ConfigureAwait(false);
        assert(message);
        return message;
    }

    /// <inheritdoc cref="ExpectMsg{T}(Func{T, IActorRef, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, $"a {Name<T>()} that fits with its sender", hint, m => isMessageAndSender(m, LastSender), null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T, IActorRef}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<T>(message => assertMessageAndSender(message, LastSender), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, Func{T, T, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, $"{Text(expected)} by a comparer", hint, actual => comparer(expected, actual), null, cancellationToken);

    /// <summary>The next message is the Terminated of <paramref name="target"/>.</summary>
    public Terminated ExpectTerminated(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectTerminatedAsync(target, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectTerminated"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<Terminated>(timeout, $"Terminated of {target}", hint, m => m.ActorRef.Equals(target), null, cancellationToken);

    /// <summary>Nothing comes for <see cref="TestKitSettings.ExpectNoMsgDefault"/>, or for what remains of the innermost Within.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectNoMsgAsync(cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Nothing comes for so long. With zero: nothing is there once all that was told before this call has been handled.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(duration, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Nothing comes for so many milliseconds.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(CancellationToken)"/>
    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        Silence(RemainingOr(Dilated(TestKitSettings.ExpectNoMsgDefault)), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Silence(Dilated(duration), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(int, CancellationToken)"/>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>The next message equals one of these.</summary>
    public T ExpectMsgAnyOf<T>(params T[] messages) => ExpectMsgAnyOf(messages.AsEnumerable());

    /// <summary>The next message equals one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Done(ExpectMsgAnyOfAsync(messages, cancellationToken));

    /// <summary>The next message equals one of these.</summary>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var any = messages.ToList();
        return Expect<T>(null, $"any of {Texts(any.Cast<object>())}", null, m => any.Exists(one => AreEqual(one, m)), null, cancellationToken);
    }

    /// <summary>The next messages equal these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => Done(AllOf(RemainingOrDefault, messages, CancellationToken.None));

    /// <summary>The next messages equal these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Done(AllOf(RemainingOrDefault, messages, cancellationToken));

    /// <summary>The next messages equal these, in any order, all in so long.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        Done(AllOf(Dilated(max), messages, CancellationToken.None));

    /// <summary>The next messages equal these, in any order.</summary>
    public async IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        IReadOnlyCollection<T> messages, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var one in await AllOf(RemainingOrDefault, messages, cancellationToken).ConfigureAwait(false)) yield return one;
    }

    private async Task<IReadOnlyCollection<T>> AllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken)
    {
        var taken = await TakeN(messages.Count, max, cancellationToken).ConfigureAwait(false);
        var missing = messages.ToList();
        var unexpected = new List<object>();
        foreach (var (message, _) in taken)
        {
            var at = message is T typed ? missing.FindIndex(one => AreEqual(one, typed)) : -1;
            if (at >= 0) missing.RemoveAt(at);
            else unexpected.Add(message);
        }

        if (missing.Count == 0) return [.. taken.Select(envelope => (T)envelope.Message)];
        throw Failed($"expected all of {Texts(messages.Cast<object>())} within {max}: missing {Texts(missing.Cast<object>())}, unexpected {Texts(unexpected)}");
    }

    private async ValueTask<T> Expect<T>(
        TimeSpan? timeout, string what, string? hint, Predicate<T>? fits, Predicate<IActorRef>? isSender, CancellationToken cancellationToken)
    {
        var max = RemainingOrDilated(timeout);
        var started = Stopwatch.GetTimestamp();
        var taken = await TakeAsync(max, cancellationToken).ConfigureAwait(false);
        if (taken is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"expected {what}{Hint(hint)} within {max}, but nothing came");
        }

        if (taken.Message is T message && (isSender is null || isSender(taken.Sender)) && (fits is null || fits(message))) return message;
        throw Failed($"expected {what}{Hint(hint)} within {max}, but {Text(taken.Message)} came from {taken.Sender} "
            + $"after {Stopwatch.GetElapsedTime(started)}");
    }

    private async ValueTask Silence(TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var began = Now;
        await Settle(cancellationToken).ConfigureAwait(false);

        // A test may have moved the clock meanwhile: the time counts from the call, and what its passing set off has been told by now.
        var left = duration > TimeSpan.Zero ? duration - (Now - began) : duration;
        if (left <= TimeSpan.Zero && duration > TimeSpan.Zero)
        {
            await Settle(cancellationToken).ConfigureAwait(false);
            left = TimeSpan.Zero;
        }

        var taken = await TakeAsync(left, cancellationToken).ConfigureAwait(false);
        if (taken is not null)
            throw Failed($"expected no message for {duration}, but {Text(taken.Message)} came from {taken.Sender} after {Stopwatch.GetElapsedTime(started)}");
        cancellationToken.ThrowIfCancellationRequested();
        _lastWasNoMsg = true;
    }

    /// <summary>Waits until the test actor has handled all that it was told before; one that has ended keeps nothing that could come.</summary>
    private async ValueTask Settle(CancellationToken cancellationToken)
    {
        var mark = new Mark(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Control(mark);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(mark.Passed.Task, TestActor.WatchAsync(ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
    }

    private static bool AreEqual<T>(T expected, T actual) =>
        Equals(expected, actual)
        || (expected is IEnumerable left and not string && actual is IEnumerable right and not string && left.Cast<object>().SequenceEqual(right.Cast<object>()));

    private static ExpectationFailedException Failed(string message) => new(message);

    private static string Hint(string? hint) => string.IsNullOrEmpty(hint) ? "" : $" ({hint})";

    private static string Name<T>() => typeof(T).Name;

    private static string Text(object? message) => message switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => $"{message.GetType().Name} {message}",
    };

    private static string Texts(IEnumerable<object?> messages) => $"[{string.Join(", ", messages.Select(Text))}]";
}
