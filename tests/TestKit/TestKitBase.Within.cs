namespace Picket.Actors.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Runs <paramref name="action"/>, which may take so long; expectations in it wait for what remains. May be nested.</summary>
    public void Within(TimeSpan max, Action action) => Within(TimeSpan.Zero, max, action);

    /// <summary>Runs <paramref name="action"/>, which must take at least and at most so long.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null) =>
        Within<object?>(
            min, max, () =>
            {
                action();
                return null;
            }, hint, epsilonValue);

    /// <summary>Runs <paramref name="function"/>, which may take so long.</summary>
    public T Within<T>(TimeSpan max, Func<T> function) => Within(TimeSpan.Zero, max, function);

    /// <summary>Runs <paramref name="function"/>, which must take at least and at most so long, give or take <paramref name="epsilonValue"/>.</summary>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null) =>
        Done(WithinAsync(min, max, () => Task.FromResult(function()), hint, epsilonValue));

    /// <summary>Runs <paramref name="actionAsync"/>, which may take so long.</summary>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue);

    /// <summary>Runs <paramref name="actionAsync"/>, which must take at least and at most so long.</summary>
    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null) =>
        WithinAsync<object?>(
            min, max, async () =>
            {
                await actionAsync().ConfigureAwait(false);
                return null;
            }, hint, epsilonValue);

    /// <summary>Runs <paramref name="function"/>, which may take so long.</summary>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue);

    /// <summary>Runs <paramref name="function"/>, which must take at least and at most so long, give or take <paramref name="epsilonValue"/>.</summary>
    public async Task<T> WithinAsync<T>(
        TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, TimeSpan.Zero);
        max = Dilated(max);
        var start = Now;
        var outer = _end;
        if (outer is { } until)
        {
            if (until - start < min)
                throw Failed($"a block that takes at least {min}{Hint(hint)} does not fit: {until - start} remain of the Within around it");
            if (until - start < max) max = until - start;
        }

        _lastWasNoMsg = false;
        _end = start + max;
        T result;
        try
        {
            result = await function().ConfigureAwait(false);
        }
        finally
        {
            _end = outer;
        }

        var took = Now - start;
        var epsilon = epsilonValue ?? TimeSpan.Zero;
        if (took < min - epsilon) throw Failed($"the block{Hint(hint)} took {took} and should have taken at least {min}");

        // A block that ended by waiting for silence has used its time as it should.
        if (took > max + epsilon && !_lastWasNoMsg) throw Failed($"the block{Hint(hint)} took {took} and may take {max}");
        return result;
    }
}
