namespace Picket.Node.Guard;

/// <summary>What one look at the node saw.</summary>
/// <param name="Beats">Heartbeats since the last look.</param>
/// <param name="Goodbye">Whether it said goodbye.</param>
/// <param name="IsPipeClosed">Whether nobody holds the other end of the pipe any more.</param>
/// <param name="State">The process's state as proc(5) has it; NUL when there is no such process.</param>
internal readonly record struct GuardSight(int Beats, bool Goodbye, bool IsPipeClosed, char State);
