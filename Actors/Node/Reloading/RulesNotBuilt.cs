namespace Picket.Node.Reloading;

/// <summary>The files could not be read again, or the sensors not be asked; all is as it was.</summary>
/// <param name="Cause">Who asked for it.</param>
/// <param name="Reason">Why.</param>
internal sealed record RulesNotBuilt(string Cause, string Reason);
