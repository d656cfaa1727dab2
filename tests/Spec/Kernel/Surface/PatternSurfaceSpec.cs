using Picket.Actors;
using Picket.Actors.Pattern;

namespace Picket.Spec.Kernel.Surface;

/// <summary>The circuit breaker.</summary>
public sealed class PatternSurfaceSpec : KernelSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time;
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public PatternSurfaceSpec() : this(new ManualTime())
    {
    }

    private PatternSurfaceSpec(ManualTime time) : base(new ActorSystemOptions { TimeProvider = time }) => _time = time;

    private static Task<int> Failing() => Task.FromException<int>(new InvalidOperationException("call"));

    [Fact]
    public async Task It_opens_after_so_many_failures_in_a_row_and_fails_fast()
    {
        var opened = new TaskCompletionSource();
        var breaker = new CircuitBreaker(Sys.Scheduler, 2, Second, 10 * Second).OnOpen(opened.SetResult);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Failing));
        Assert.Equal(1, await breaker.WithCircuitBreaker(() => Task.FromResult(1)));
        Assert.Equal(0, breaker.CurrentFailureCount);
        Assert.Null(breaker.LastCaughtException);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(Failing));
        Assert.Equal(1, breaker.CurrentFailureCount);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(_ => Failing()));
        Assert.True(breaker is { IsOpen: true, IsClosed: false, IsHalfOpen: false });
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(20), _ct);
        _time.Advance(4 * Second);
        var made = false;
        var open = await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(() => Task.FromResult(made = true)));
        Assert.False(made);
        Assert.Equal(6 * Second, open.RemainingDuration);
        Assert.IsType<InvalidOperationException>(open.InnerException);
    }

    [Fact]
    public async Task Half_open_one_call_decides_and_the_others_fail_fast()
    {
        var halfOpen = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        var breaker = CircuitBreaker.Create(Sys.Scheduler, 1, Second, Second).OnHalfOpen(() => halfOpen.TrySetResult()).OnClose(closed.SetResult);
        await Assert.ThrowsAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(() => (Task)Failing()));
        _time.Advance(Second);
        Assert.True(breaker.IsHalfOpen);
        await halfOpen.Task.WaitAsync(TimeSpan.FromSeconds(20), _ct);
        var call = new TaskCompletionSource<int>();
        var tried = breaker.WithCircuitBreaker(() => call.Task);
        Assert.Equal(TimeSpan.Zero, (await Assert.ThrowsAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(Failing))).RemainingDuration);
        call.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => tried);
        Assert.True(breaker.IsOpen);
        _time.Advance(Second);
        Assert.Equal("state", await breaker.WithCircuitBreaker("state", Task.FromResult));
        Assert.True(breaker.IsClosed);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), _ct);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_has_failed_and_its_token_is_cancelled()
    {
        var breaker = new CircuitBreaker(Sys.Scheduler, 1, Second, Second);
        var slow = breaker.WithCircuitBreaker(() => new TaskCompletionSource<int>().Task);
        _time.Advance(Second);
        await Assert.ThrowsAsync<TimeoutException>(() => slow);
        _time.Advance(Second);
        Assert.True(breaker.IsHalfOpen);
        var token = CancellationToken.None;
        var cancelled = breaker.WithCircuitBreaker(1, (_, ct) => Task.Delay(Timeout.Infinite, token = ct));
        _time.Advance(Second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.True(token.IsCancellationRequested && breaker.IsOpen);
    }

    [Fact]
    public async Task The_time_it_stays_open_grows_until_it_closes()
    {
        var breaker = new CircuitBreaker(Sys.Scheduler, 1, Second, Second).WithExponentialBackoff(5 * Second);
        Assert.Equal((2, 5 * Second), (breaker.ExponentialBackoffFactor, breaker.MaxResetTimeout));
        foreach (var open in (int[])[1, 2, 4, 4])
        {
            breaker.Fail();
            Assert.IsType<UserCalledFailException>(breaker.LastCaughtException);
            _time.Advance((open * Second) - TimeSpan.FromMilliseconds(1));
            Assert.True(breaker.IsOpen);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(breaker.IsHalfOpen);
        }

        breaker.Succeed();
        Assert.True(breaker.IsClosed);
        breaker.Fail();
        _time.Advance(Second);
        Assert.True(breaker.IsHalfOpen);
        Assert.Equal(0.5, breaker.WithRandomFactor(0.5).RandomFactor);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CircuitBreaker(Sys.Scheduler, 1, Second, Second, Second, 0.5));
        await breaker.WithCircuitBreaker("s", (_, _) => Task.CompletedTask);
        await breaker.WithCircuitBreaker("s", _ => Task.CompletedTask);
        await breaker.WithCircuitBreaker(_ => Task.CompletedTask);
        Assert.Equal(1, await breaker.WithCircuitBreaker("s", (_, _) => Task.FromResult(1)));
    }

    [Fact]
    public void Calls_that_block_are_made_too()
    {
        var breaker = new CircuitBreaker(Sys.Scheduler, 1, TimeSpan.FromSeconds(20), Second);
        breaker.WithSyncCircuitBreaker(() => { });
        Assert.Equal(3, breaker.WithSyncCircuitBreaker(() => 3));
        var thrown = Assert.Throws<AggregateException>(() => breaker.WithSyncCircuitBreaker(() => throw new InvalidOperationException()));
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
        Assert.IsType<OpenCircuitException>(Assert.Throws<AggregateException>(() => breaker.WithSyncCircuitBreaker(() => 3)).InnerException);
    }
}
