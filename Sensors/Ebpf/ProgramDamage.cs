namespace Picket.Sensors.Ebpf;

/// <summary>What somebody else did to a set of programs.</summary>
/// <param name="Text">What was found, in words.</param>
/// <param name="IsBlind">Whether something is not seen since; pins that are gone only mean that a next start would not find it.</param>
internal sealed record ProgramDamage(string Text, bool IsBlind);
