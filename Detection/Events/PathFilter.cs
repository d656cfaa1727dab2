namespace Picket.Detection.Events;

/// <summary>Which files rules about records of type PATH could name: others need no record. Immutable, for any thread.</summary>
public abstract class PathFilter
{
    /// <summary>Whether some rule could ask about the file; it may say yes too often, never no where a rule would have matched.</summary>
    /// <param name="path">The path as the record would name it.</param>
    public abstract bool MayBeAsked(ReadOnlySpan<byte> path);
}
