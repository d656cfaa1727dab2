namespace Picket.Actors;

/// <summary>What a supervisor does with a child that failed.</summary>
public enum Directive
{
    /// <summary>The child goes on with its state.</summary>
    Resume,

    /// <summary>A new instance takes over ref and mailbox.</summary>
    Restart,

    /// <summary>The supervisor fails itself, with the same cause.</summary>
    Escalate,

    /// <summary>The child ends.</summary>
    Stop,
}
