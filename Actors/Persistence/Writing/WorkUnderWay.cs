namespace Picket.Actors.Persistence.Writing;

/// <summary>Calls on the stores that have begun; the stores are not disposed of before these have ended. Any thread may use it.</summary>
internal sealed class WorkUnderWay
{
    private readonly Lock _sync = new();
    private readonly HashSet<Task> _tasks = [];

    /// <summary>Adds a call that tells of its own failure.</summary>
    public void Add(Task task)
    {
        if (task.IsCompleted) return;
        lock (_sync) _tasks.Add(task);
        task.ContinueWith(
            ended =>
            {
                lock (_sync) _tasks.Remove(ended);
            },
            TaskScheduler.Default);
    }

    /// <summary>Ends when all that had begun has ended.</summary>
    public async Task EndAsync()
    {
        Task[] tasks;
        lock (_sync) tasks = [.. _tasks];
        foreach (var task in tasks) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
