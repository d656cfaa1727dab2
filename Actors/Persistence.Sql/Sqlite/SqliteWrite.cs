namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>One caller's change, stored whole or not at all. It may be applied again after a transaction that failed.</summary>
/// <param name="apply">The change; what it gives is the caller's answer.</param>
/// <param name="cancellationToken">Withdraws the change while it waits.</param>
internal sealed class SqliteWrite(Func<SqliteSession, long> apply, CancellationToken cancellationToken)
{
    // Callers go on elsewhere: the writer's thread must not run their code.
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _answer;

    public Task<long> Done => _done.Task;

    /// <summary>Whether the caller has withdrawn it; then it is answered.</summary>
    public bool IsWithdrawn => cancellationToken.IsCancellationRequested && _done.TrySetCanceled(cancellationToken);

    public void Apply(SqliteSession session) => _answer = apply(session);

    public void Complete() => _done.TrySetResult(_answer);

    public void Fail(Exception why) => _done.TrySetException(why);
}
