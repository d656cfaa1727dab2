namespace Picket.Actors.TestKit;

/// <summary>
/// What a test expects of the events that a filter takes. Without a time, the wait after the action is what remains of the innermost
/// Within, else <see cref="TestKitSettings.TestEventFilterLeeway"/>. Expecting none waits for
/// <see cref="TestKitSettings.ExpectNoMsgDefault"/> when no time is given. One event too many fails as well.
/// </summary>
public interface IEventFilterApplier
{
    /// <summary>More filters: an event that any of them takes counts.</summary>
    EventFilterFactory And { get; }

    /// <summary>Runs the action and expects one event.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one event, so long after it at most.</summary>
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many events.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many events, so long after it at most.</summary>
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the function and expects one event.</summary>
    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Runs the function and expects one event, so long after it at most.</summary>
    T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Runs the function and expects so many events.</summary>
    T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Runs the function and expects so many events, so long after it at most.</summary>
    T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one event.</summary>
    Task ExpectOneAsync(Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one event, so long after it at most.</summary>
    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many events.</summary>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many events, so long after it at most.</summary>
    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Runs the function and expects so many events.</summary>
    Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default);

    /// <summary>Keeps the events from the log while the action runs.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    /// <summary>Keeps the events from the log while the function runs.</summary>
    T Mute<T>(Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Keeps the events from the log while the action runs.</summary>
    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Keeps the events from the log until unmuted.</summary>
    IUnmutableFilter Mute();
}
