namespace Picket.Detection.Context.Hashing;

/// <summary>One file to hash: what it must be, and what may lead to it.</summary>
/// <param name="Key">What it is known by.</param>
/// <param name="ModifyNs">When its content was changed last, nanoseconds since 1970; calls may set it.</param>
/// <param name="Slot">Where the hashes go.</param>
/// <param name="Program">What was executed; its path is that from the root of its mount namespace.</param>
/// <param name="Pid">The process that executed it.</param>
/// <param name="Namespace">That process's mount namespace; 0 when unknown.</param>
/// <param name="Above">Processes above it in the same mount namespace, nearest first: through their root the path still leads to the file
/// when it has ended.</param>
/// <param name="IsFresh">It was executed within a tick of its last change: see <see cref="FileHashes.IsUnsure"/>.</param>
internal sealed record HashRequest(
    FileKey Key, long ModifyNs, HashSlot Slot, ProgramImage Program, int Pid, uint Namespace, IReadOnlyList<int> Above, bool IsFresh);
