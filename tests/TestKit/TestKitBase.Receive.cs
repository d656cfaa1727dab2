using System.Collections;
using System.Runtime.CompilerServices;

namespace Picket.Actors.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Takes the next message.</summary>
    /// <param name="max">How long to wait, not multiplied; null for the default, infinite for no end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message, or null when none came.</returns>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Done(ReceiveOneAsync(max, cancellationToken));

    /// <summary>Takes the next message, however long it takes.</summary>
    public object? ReceiveOne(CancellationToken cancellationToken) => ReceiveOne(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <inheritdoc cref="ReceiveOne(TimeSpan?, CancellationToken)"/>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TakeAsync(max ?? RemainingOrDefault, cancellationToken).ConfigureAwait(false))?.Message;

    /// <summary>Takes the next message with its sender.</summary>
    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var taken = Done(TakeAsync(max ?? RemainingOrDefault, cancellationToken));
        envelope = taken!;
        return taken is not null;
    }

    /// <summary>Takes the next message with its sender.</summary>
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var taken = await TakeAsync(max ?? RemainingOrDefault, cancellationToken).ConfigureAwait(false);
        return (taken is not null, taken!);
    }

    /// <summary>Looks at the next message and leaves it.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) => Done(PeekOneAsync(max, cancellationToken));

    /// <summary>Looks at the next message and leaves it.</summary>
    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await _inbox.Wait(max ?? RemainingOrDefault, Sys.TimeProvider, cancellationToken).ConfigureAwait(false)
            ? _inbox.Peek()!.Message
            : null;

    /// <summary>Takes so many messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        [.. Done(TakeN(numberOfMessages, RemainingOrDefault, cancellationToken)).Select(envelope => envelope.Message)];

    /// <summary>Takes so many messages in so long.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        [.. Done(TakeN(numberOfMessages, Dilated(max), cancellationToken)).Select(envelope => envelope.Message)];

    /// <summary>Takes so many messages.</summary>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Each(TakeN(numberOfMessages, RemainingOrDefault, cancellationToken), static envelope => envelope.Message, cancellationToken);

    /// <summary>Takes so many messages in so long.</summary>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Each(TakeN(numberOfMessages, Dilated(max), cancellationToken), static envelope => envelope.Message, cancellationToken);

    /// <summary>Takes messages as long as the filter gives something for them; the first for which it gives null stays.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) where T : class =>
        ReceiveWhile(filter, max, null, msgs, cancellationToken);

    /// <summary>As above, and not longer idle than <paramref name="idle"/>.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhile(filter, max, idle, msgs, cancellationToken);

    /// <summary>As above. It is no failure when the time is over.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) where T : class =>
        Done(ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)"/>
    public async ValueTask<IReadOnlyList<T>> ReceiveWhileAsync<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) where T : class
    {
        var stop = Now + RemainingOrDilated(max);
        var taken = new List<T>();
        while (taken.Count < msgs)
        {
            var wait = stop > Now ? stop - Now : TimeSpan.Zero;
            if (taken.Count > 0 && wait == TimeSpan.Zero) break;
            if (idle is { } longest && longest < wait) wait = longest;
            if (!await _inbox.Wait(wait, Sys.TimeProvider, cancellationToken).ConfigureAwait(false)) break;
            if (filter(_inbox.Peek()!.Message) is not { } wanted) break;
            _last = _inbox.Take();
            taken.Add(wanted);
        }

        _lastWasNoMsg = true;
        return taken;
    }

    /// <summary>Takes messages of a type as long as they fit; another type ends it or, by choice, is dropped.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) where T : class =>
        Done(ReceiveWhileAsync(shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(Predicate{T}, TimeSpan?, TimeSpan?, int, bool, CancellationToken)"/>
    public async ValueTask<IReadOnlyList<T>> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) where T : class
    {
        var all = await ReceiveWhileAsync<object>(
            message => message is T typed ? shouldContinue(typed) ? typed : null : shouldIgnoreOtherMessageTypes ? message : null,
            max, idle, msgs, cancellationToken).ConfigureAwait(false);
        return [.. all.OfType<T>()];
    }

    /// <summary>Takes messages until one fits, and gives that.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <summary>Takes messages until one of the type fits, and gives that.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Done(FishForMessageAsync(isMessage, null, max, hint, cancellationToken));

    /// <summary>As above; <paramref name="allMessages"/> is cleared and gets those before.</summary>
    public T FishForMessage<T>(
        Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Done(FishForMessageAsync(isMessage, allMessages, max, hint, cancellationToken));

    /// <summary>Takes messages until one fits, and gives that.</summary>
    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    /// <summary>Takes messages until one of the type fits, and gives that.</summary>
    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    /// <summary>As above; <paramref name="allMessages"/> is cleared and gets those before.</summary>
    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var stop = Now + limit;
        var others = allMessages ?? [];
        others.Clear();
        while (true)
        {
            var left = stop - Now;
            var next = left < TimeSpan.Zero ? null : await TakeAsync(left, cancellationToken).ConfigureAwait(false);
            if (next is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw Failed($"no {typeof(T).Name} that fits{Hint(hint)} within {limit}; others that came: {Texts(others.Cast<object>())}");
            }

            if (next.Message is T wanted && isMessage(wanted)) return wanted;
            others.Add(next.Message);
        }
    }

    private async ValueTask<MessageEnvelope?> TakeAsync(TimeSpan max, CancellationToken cancellationToken)
    {
        _lastWasNoMsg = false;
        if (!await _inbox.Wait(max, Sys.TimeProvider, cancellationToken).ConfigureAwait(false)) return null;
        return _last = _inbox.Take();
    }

    private async Task<List<MessageEnvelope>> TakeN(int count, TimeSpan max, CancellationToken cancellationToken)
    {
        var stop = Now + max;
        var taken = new List<MessageEnvelope>(count);
        while (taken.Count < count)
        {
            var left = stop > Now ? stop - Now : TimeSpan.Zero;
            if (await TakeAsync(left, cancellationToken).ConfigureAwait(false) is { } next)
            {
                taken.Add(next);
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"expected {count} messages within {max}, but {taken.Count} came: {Texts(taken.Select(t => t.Message))}");
        }

        return taken;
    }

    private static async IAsyncEnumerable<T> Each<T>(
        Task<List<MessageEnvelope>> taken, Func<MessageEnvelope, T> part, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var envelope in await taken.WaitAsync(cancellationToken).ConfigureAwait(false)) yield return part(envelope);
    }

    private static T Done<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : Done(task.AsTask());

    private static T Done<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
