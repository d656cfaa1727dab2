namespace Picket.Node.Guard;

/// <summary>How the guard is; for <c>picket status</c>.</summary>
/// <param name="State">watching, waiting (to be started again) or off.</param>
/// <param name="Pid">Its process; 0 for none.</param>
/// <param name="Ended">How often one ended that should not have.</param>
/// <param name="Reason">Why it does not watch; empty when it does.</param>
internal sealed record GuardReport(string State, int Pid, long Ended, string Reason);
