namespace Picket.Actors.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until a condition holds; it is looked at once at the beginning, then again and again.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max = null, string? message = null) =>
        AwaitCondition(conditionIsFulfilled, max, null, message);

    /// <summary>Waits until a condition holds, with so long between two looks.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message).GetAwaiter().GetResult();

    /// <summary>Waits until a condition holds.</summary>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max = null, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until a condition holds, with so long between two looks.</summary>
    public async Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        if (!await Holds(conditionIsFulfilled, limit, interval, cancellationToken).ConfigureAwait(false))
            throw Failed($"the condition{Hint(message)} did not hold within {limit}");
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <returns>Whether it did.</returns>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null) =>
        Holds(() => Task.FromResult(conditionIsFulfilled()), max, interval, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Waits until a condition holds.</summary>
    /// <returns>Whether it did.</returns>
    public Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, max, interval, cancellationToken);

    /// <summary>Repeats an assertion until it does not throw.</summary>
    /// <exception cref="ExpectationFailedException">It still did at the end; with what it threw last.</exception>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(assertion, duration, interval, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Repeats an assertion until it does not throw.</summary>
    public Task AwaitAssertAsync(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            }, duration, interval, cancellationToken);

    /// <summary>Repeats an assertion until it does not throw.</summary>
    /// <exception cref="ExpectationFailedException">It still did at the end; with what it threw last.</exception>
    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(duration);
        Exception? last = null;
        var tries = 0;
        var held = await Holds(
            async () =>
            {
                try
                {
                    tries++;
                    await assertion().ConfigureAwait(false);
                    return true;
                }
                catch (Exception e)
                {
                    last = e;
                    return false;
                }
            }, limit, interval, cancellationToken).ConfigureAwait(false);
        if (!held) throw new ExpectationFailedException($"the assertion did not hold within {limit}, tried {tries} times; at last: {last!.Message}", last);
    }

    private async Task<bool> Holds(Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, TimeSpan.Zero);
        var pause = interval ?? (max / 10 < LongestPoll ? max / 10 : LongestPoll);
        using var patience = new Patience(max, Sys.TimeProvider, cancellationToken);
        while (true)
        {
            // Once more after the end: what was done in the last pause counts.
            var over = patience.Over.IsCompleted;
            if (await condition().ConfigureAwait(false)) return true;
            cancellationToken.ThrowIfCancellationRequested();
            if (over) return false;
            await Task.WhenAny(Task.Delay(pause, CancellationToken.None), patience.Over).ConfigureAwait(false);
        }
    }
}
