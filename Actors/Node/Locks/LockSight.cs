namespace Picket.Node.Locks;

/// <summary>What a look at a lock saw.</summary>
/// <param name="Holding">How it is held.</param>
/// <param name="Path">The file or folder that stands for it.</param>
/// <param name="Pid">Who holds it; 0 where that is not known.</param>
internal readonly record struct LockSight(LockHolding Holding, string Path, int Pid);
