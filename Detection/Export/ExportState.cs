using Picket.Detection.Events;

namespace Picket.Detection.Export;

/// <summary>What a shard's export actor must not forget when it is restarted; owned by the composition root.</summary>
public sealed class ExportState
{
    internal const int Written = 0, NotAsked = 1, Unwritten = 2, Failed = 3;

    /// <summary>Makes the state of shard <paramref name="index"/> over an engine of its own.</summary>
    public ExportState(int index, ExportEngine engine)
    {
        Engine = engine;
        Stage = new LedgerStage($"export-{index}", "written", "not asked", "unwritten", "failed");
    }

    /// <summary>The engine.</summary>
    public ExportEngine Engine { get; }

    /// <summary>The stage's line of the ledger.</summary>
    public LedgerStage Stage { get; }
}
