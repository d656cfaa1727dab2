namespace Picket.Detection.Context.Hashing;

/// <summary>What became of the wish for a file's hashes. The numbers are the ways out of the stage.</summary>
public enum HashOutcome
{
    /// <summary>They are known.</summary>
    Known,

    /// <summary>Nothing leads to the file any more: its process has ended and its name is gone, or another file has it.</summary>
    Gone,

    /// <summary>The file was changed since it was executed, or while it was read.</summary>
    Changed,

    /// <summary>It is larger than the limit.</summary>
    TooLarge,

    /// <summary>It lies where another host or program would have to answer.</summary>
    Remote,

    /// <summary>It could not be read.</summary>
    Unreadable,

    /// <summary>Too many files waited.</summary>
    Busy,

    /// <summary>The node stops.</summary>
    Stopped,

    /// <summary>Not yet.</summary>
    Pending,
}
