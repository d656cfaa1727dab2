namespace Picket.Node.Guard;

/// <summary>To /guard: the guard's process has ended.</summary>
/// <param name="Pid">Which one.</param>
/// <param name="Status">Its exit status; 128 and the signal's number for one that was killed.</param>
internal sealed record GuardEnded(int Pid, int Status);
