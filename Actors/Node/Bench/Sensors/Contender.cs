namespace Picket.Node.Bench.Sensors;

/// <summary>Something that watches while the generator works: nothing, a reader in C, Picket, or another tool.</summary>
internal abstract class Contender(string name)
{
    /// <summary>A stable name for machines.</summary>
    public string Name => name;

    /// <summary>Why it cannot run on this machine; null when it can.</summary>
    public virtual string? Missing => null;

    /// <summary>The processes whose CPU time is its cost.</summary>
    public virtual IReadOnlyList<int> Processes => [];

    /// <summary>Whether it watches work of this kind.</summary>
    public virtual bool Watches(StormKind kind) => true;

    /// <summary>Begins to watch; when it returns, nothing that happens is missed.</summary>
    /// <param name="folder">A folder of this run's own.</param>
    public virtual Task StartAsync(string folder) => Task.CompletedTask;

    /// <summary>What it has counted of <paramref name="kind"/>.</summary>
    public virtual Task<Tally> TallyAsync(StormKind kind) => Task.FromResult(default(Tally));

    /// <summary>Ends, and leaves nothing behind.</summary>
    public virtual Task StopAsync() => Task.CompletedTask;
}
