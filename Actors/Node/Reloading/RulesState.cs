using Picket.Actors;
using Picket.Detection.Sigma;
using Picket.Node.Options;

namespace Picket.Node.Reloading;

/// <summary>What /rules must not forget when it is restarted; owned by the composition root.</summary>
internal sealed class RulesState
{
    /// <summary>Makes the state of a node with these rules.</summary>
    /// <param name="options">The options.</param>
    /// <param name="book">Which rules are in force.</param>
    /// <param name="building">Makes new ones ready.</param>
    /// <param name="log">Gets a line about each reload.</param>
    /// <param name="time">The clock.</param>
    public RulesState(NodeOptions options, RuleBook book, RuleBuilding building, Action<string> log, TimeProvider time)
    {
        Options = options;
        Book = book;
        Building = building;
        Log = log;
        Time = time;
        Stamps = RuleReload.StampsOf(book.Now.Rules);
    }

    public NodeOptions Options { get; }

    public RuleBook Book { get; }

    public RuleBuilding Building { get; }

    public Action<string> Log { get; }

    public TimeProvider Time { get; }

    /// <summary>What the files looked like when they were last read.</summary>
    public IReadOnlyDictionary<string, RuleStamp> Stamps { get; set; }

    /// <summary>Whether a reload is under way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>What detection was told and has not yet answered.</summary>
    public RulesBuilt? Pending { get; set; }

    /// <summary>Who has answered.</summary>
    public HashSet<IActorRef> Swapped { get; } = [];

    /// <summary>Who waits for the reload under way.</summary>
    public List<IActorRef> Askers { get; set; } = [];

    /// <summary>Why another one is to follow; null when none is.</summary>
    public string? Next { get; set; }

    /// <summary>Who waits for that one.</summary>
    public List<IActorRef> NextAskers { get; set; } = [];
}
