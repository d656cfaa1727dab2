namespace Picket.Node.Demo;

/// <summary>One step of the attack story: a program that does nothing, under a telling name.</summary>
/// <param name="Says">What an intruder would be doing.</param>
/// <param name="Tool">The name that the no-op gets.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="RuleId">The bundled rule that must see it.</param>
internal sealed record DemoStep(string Says, string Tool, IReadOnlyList<string> Arguments, string RuleId);
