namespace Picket.Spec.Journal;

/// <summary>The machine is off: no code of the program runs after it.</summary>
internal sealed class PlugPulledException() : Exception("the plug was pulled");
