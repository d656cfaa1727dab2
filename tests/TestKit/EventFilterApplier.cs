using System.Diagnostics;

namespace Picket.Actors.TestKit;

/// <inheritdoc cref="IEventFilterApplier"/>
internal sealed class EventFilterApplier(TestKitBase kit, EventListener listener, IReadOnlyList<EventMatch> matches) : IEventFilterApplier
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public EventFilterFactory And => new(kit, listener, matches);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Run(expectedCount, null, Async(action), cancellationToken).GetAwaiter().GetResult();

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Run(expectedCount, timeout, Async(action), cancellationToken).GetAwaiter().GetResult();

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, func, cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Run(expectedCount, null, () => Task.FromResult(func()), cancellationToken).GetAwaiter().GetResult();

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Run(expectedCount, timeout, () => Task.FromResult(func()), cancellationToken).GetAwaiter().GetResult();

    public Task ExpectOneAsync(Func<Task> action, CancellationToken cancellationToken = default) => ExpectAsync(1, action, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        Run(expectedCount, null, Async(actionAsync), cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        Run(expectedCount, timeout, Async(action), cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Run(expectedCount, null, func, cancellationToken);

    public void Mute(Action action, CancellationToken cancellationToken = default) =>
        Run(null, null, Async(action), cancellationToken).GetAwaiter().GetResult();

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        Run(null, null, () => Task.FromResult(func()), cancellationToken).GetAwaiter().GetResult();

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        Run(null, null, Async(action), cancellationToken);

    public IUnmutableFilter Mute() => listener.Start(matches);

    private static Func<Task<bool>> Async(Action action) => () =>
    {
        action();
        return Task.FromResult(true);
    };

    private static Func<Task<bool>> Async(Func<Task> action) => async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    };

    private async Task<T> Run<T>(int? expected, TimeSpan? timeout, Func<Task<T>> func, CancellationToken cancellationToken)
    {
        using var heard = listener.Start(matches);
        var result = await func().ConfigureAwait(false);
        if (expected is not { } count) return result;
        var settings = kit.TestKitSettings;
        var max = timeout is { } given ? kit.Dilated(given)
            : kit.RemainingOr(kit.Dilated(count == 0 ? settings.ExpectNoMsgDefault : settings.TestEventFilterLeeway));
        var started = Stopwatch.GetTimestamp();
        await kit.AwaitConditionNoThrowAsync(
            () => Task.FromResult(count == 0 ? heard.Events > 0 : heard.Events >= count), max, Poll, cancellationToken).ConfigureAwait(false);
        if (heard.Events == count) return result;
        throw new ExpectationFailedException(
            $"expected {count} events of [{string.Join(" or ", matches.Select(match => match.Name))}] within {max}, "
            + $"but {heard.Events} came in {Stopwatch.GetElapsedTime(started)}");
    }
}
