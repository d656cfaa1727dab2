namespace Picket.Actors.Pattern;

/// <summary>
/// Makes calls that may fail, and stops making them for a while when too many do. Closed: calls are made, and failures in a row are
/// counted. Open: calls fail fast. Half open, after the reset time-out: one call is made; its outcome closes or opens the circuit again.
/// </summary>
/// <remarks>Safe for use by many threads; the callbacks run on the thread pool. The scheduler's clock is the breaker's: with the system's
/// end its time-outs end too.</remarks>
public sealed class CircuitBreaker
{
    private readonly Lock _sync = new();
    private readonly List<Action> _onOpen = [];
    private readonly List<Action> _onHalfOpen = [];
    private readonly List<Action> _onClose = [];
    private State _state;
    private int _failures;
    private bool _trying;
    private TimeSpan _nextReset;
    private TimeSpan _remaining;
    private TimeSpan _opened;

    /// <summary>A closed one.</summary>
    /// <param name="scheduler">For the time-outs.</param>
    /// <param name="maxFailures">Failures in a row that open it.</param>
    /// <param name="callTimeout">A call that takes longer has failed.</param>
    /// <param name="resetTimeout">How long it stays open.</param>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, TimeSpan.FromDays(36500), 1) { }

    /// <summary>One that stays open longer after each attempt that fails.</summary>
    /// <param name="scheduler">For the time-outs.</param>
    /// <param name="maxFailures">Failures in a row that open it.</param>
    /// <param name="callTimeout">A call that takes longer has failed.</param>
    /// <param name="resetTimeout">How long it stays open the first time.</param>
    /// <param name="maxResetTimeout">How long it stays open at most.</param>
    /// <param name="exponentialBackoffFactor">How much longer each time; 1 or more.</param>
    /// <param name="randomFactor">0.2 adds up to 20 % at random.</param>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout,
        double exponentialBackoffFactor, double randomFactor = 0)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfLessThan(exponentialBackoffFactor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomFactor, 1);
        Scheduler = scheduler;
        MaxFailures = maxFailures;
        CallTimeout = callTimeout;
        ResetTimeout = _nextReset = resetTimeout;
        MaxResetTimeout = maxResetTimeout;
        ExponentialBackoffFactor = exponentialBackoffFactor;
        RandomFactor = randomFactor;
    }

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    /// <summary>For the time-outs.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>Failures in a row that open it.</summary>
    public int MaxFailures { get; }

    /// <summary>A call that takes longer has failed.</summary>
    public TimeSpan CallTimeout { get; }

    /// <summary>How long it stays open the first time.</summary>
    public TimeSpan ResetTimeout { get; }

    /// <summary>How long it stays open at most.</summary>
    public TimeSpan MaxResetTimeout { get; }

    /// <summary>How much longer each time.</summary>
    public double ExponentialBackoffFactor { get; }

    /// <summary>The share of the time that is added at random.</summary>
    public double RandomFactor { get; }

    /// <summary>Failures in a row since it closed.</summary>
    public long CurrentFailureCount => Volatile.Read(ref _failures);

    /// <summary>What the last call threw, null after one that went well.</summary>
    public Exception? LastCaughtException { get; private set; }

    /// <summary>Whether calls are made.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>Whether calls fail fast.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>Whether one call is made to see.</summary>
    public bool IsHalfOpen => _state == State.HalfOpen;

    /// <summary>A closed one.</summary>
    public static CircuitBreaker Create(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout) =>
        new(scheduler, maxFailures, callTimeout, resetTimeout);

    /// <summary>Another one like this that stays open twice as long after each attempt that fails.</summary>
    public CircuitBreaker WithExponentialBackoff(TimeSpan maxResetTimeout) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, maxResetTimeout, 2, RandomFactor);

    /// <summary>Another one like this with a share of chance in the time that it stays open.</summary>
    public CircuitBreaker WithRandomFactor(double randomFactor) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, MaxResetTimeout, ExponentialBackoffFactor, randomFactor);

    /// <summary>Makes a call.</summary>
    /// <exception cref="OpenCircuitException">It was not made.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="CallTimeout"/>.</exception>
    public Task<T> WithCircuitBreaker<T>(Func<Task<T>> body) => Call(body, static (body, _) => body(), cancels: false);

    /// <summary>Makes a call whose token is cancelled when it takes too long.</summary>
    /// <exception cref="OpenCircuitException">It was not made.</exception>
    /// <exception cref="OperationCanceledException">It took longer than <see cref="CallTimeout"/>.</exception>
    public Task<T> WithCircuitBreaker<T>(Func<CancellationToken, Task<T>> body) => Call(body, static (body, ct) => body(ct), cancels: true);

    /// <summary>Makes a call with a state that need not be captured.</summary>
    public Task<T> WithCircuitBreaker<T, TState>(TState state, Func<TState, Task<T>> body) =>
        Call((state, body), static (call, _) => call.body(call.state), cancels: false);

    /// <summary>Makes a call with a state that need not be captured, and a token.</summary>
    public Task<T> WithCircuitBreaker<T, TState>(TState state, Func<TState, CancellationToken, Task<T>> body) =>
        Call((state, body), static (call, ct) => call.body(call.state, ct), cancels: true);

    /// <summary>Makes a call without a result.</summary>
    public Task WithCircuitBreaker(Func<Task> body) => Call(body, static (body, _) => Finish(body()), cancels: false);

    /// <summary>Makes a call without a result, with a token.</summary>
    public Task WithCircuitBreaker(Func<CancellationToken, Task> body) => Call(body, static (body, ct) => Finish(body(ct)), cancels: true);

    /// <summary>Makes a call without a result, with a state.</summary>
    public Task WithCircuitBreaker<TState>(TState state, Func<TState, Task> body) =>
        Call((state, body), static (call, _) => Finish(call.body(call.state)), cancels: false);

    /// <summary>Makes a call without a result, with a state and a token.</summary>
    public Task WithCircuitBreaker<TState>(TState state, Func<TState, CancellationToken, Task> body) =>
        Call((state, body), static (call, ct) => Finish(call.body(call.state, ct)), cancels: true);

    /// <summary>Makes a call on the thread pool and waits for it.</summary>
    /// <exception cref="AggregateException">What it threw, or <see cref="OpenCircuitException"/>.</exception>
    public void WithSyncCircuitBreaker(Action body) => WithCircuitBreaker(() => Task.Run(body)).Wait(CallTimeout);

    /// <summary>Makes a call on the thread pool and waits for it; the default value when it took too long.</summary>
    /// <exception cref="AggregateException">What it threw, or <see cref="OpenCircuitException"/>.</exception>
    public T WithSyncCircuitBreaker<T>(Func<T> body)
    {
        var call = WithCircuitBreaker(() => Task.Run(body));
        return call.Wait(CallTimeout) ? call.Result : default!;
    }

    /// <summary>Counts a call that was made without it and went well.</summary>
    public void Succeed()
    {
        lock (_sync)
        {
            if (_state == State.Open) return;
            LastCaughtException = null;
            _failures = 0;
            if (_state == State.HalfOpen) Enter(State.Closed, _onClose);
        }
    }

    /// <summary>Counts a call that was made without it and failed.</summary>
    public void Fail() => Failed(new UserCalledFailException());

    /// <summary>Calls back each time it opens.</summary>
    public CircuitBreaker OnOpen(Action callback) => Add(_onOpen, callback);

    /// <summary>Calls back each time it lets one call through.</summary>
    public CircuitBreaker OnHalfOpen(Action callback) => Add(_onHalfOpen, callback);

    /// <summary>Calls back each time it closes.</summary>
    public CircuitBreaker OnClose(Action callback) => Add(_onClose, callback);

    private static async Task<Done> Finish(Task call)
    {
        await call.ConfigureAwait(false);
        return Done.Instance;
    }

    private async Task<T> Call<TCall, T>(TCall call, Func<TCall, CancellationToken, Task<T>> make, bool cancels)
    {
        Admit();
        T result;
        using var overdue = new Cancelable(Scheduler, CallTimeout);
        var token = overdue.Token;
        try
        {
            result = await make(call, cancels ? token : CancellationToken.None).WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancels && e.CancellationToken == token)
        {
            var late = new TimeoutException($"the call took longer than {CallTimeout}", e);
            Failed(late);
            throw late;
        }
        catch (Exception e)
        {
            Failed(e);
            throw;
        }

        Succeed();
        return result;
    }

    private void Admit()
    {
        lock (_sync)
        {
            if (_state == State.Closed) return;
            if (_state == State.HalfOpen && !_trying)
            {
                _trying = true;
                return;
            }

            var left = _state == State.Open ? _opened + _remaining - Scheduler.MonotonicClock : TimeSpan.Zero;
            throw new OpenCircuitException(LastCaughtException, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private void Failed(Exception cause)
    {
        lock (_sync)
        {
            if (_state == State.Open) return;
            LastCaughtException = cause;
            if (_state == State.Closed && ++_failures < MaxFailures) return;
            _remaining = _nextReset * (1 + (Random.Shared.NextDouble() * RandomFactor));
            _opened = Scheduler.MonotonicClock;
            if (_nextReset * ExponentialBackoffFactor is var longer && longer < MaxResetTimeout) _nextReset = longer;
            Enter(State.Open, _onOpen);
        }

        Scheduler.Advanced.ScheduleOnce(_remaining, LetOneThrough);
    }

    private void LetOneThrough()
    {
        lock (_sync)
        {
            if (_state != State.Open) return;
            _trying = false;
            Enter(State.HalfOpen, _onHalfOpen);
        }
    }

    private void Enter(State state, List<Action> callbacks)
    {
        _state = state;
        if (state == State.Closed) _nextReset = ResetTimeout;
        foreach (var callback in callbacks) _ = Task.Run(callback);
    }

    private CircuitBreaker Add(List<Action> callbacks, Action callback)
    {
        lock (_sync) callbacks.Add(callback);
        return this;
    }
}
