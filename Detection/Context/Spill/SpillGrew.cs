namespace Picket.Detection.Context.Spill;

/// <summary>To a lane's actor: there is something to work off, or room to do it in.</summary>
internal sealed record SpillGrew
{
    /// <summary>The one message of its kind.</summary>
    public static SpillGrew Instance { get; } = new();
}
