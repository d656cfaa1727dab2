namespace Picket.Detection.Sigma.Index;

/// <summary>What a step of a rule's program does.</summary>
internal enum StepKind : byte
{
    Atom,
    And,
    Or,
    Not,
    AtLeast,
}
