namespace Picket.Actors.Persistence.Writing;

/// <summary>One atomic write with its handlers, or a deferred handler alone.</summary>
/// <param name="Write">The write; null for a deferred handler.</param>
/// <param name="First">The first handler.</param>
/// <param name="Others">The handlers of its other events.</param>
internal readonly record struct WriteEntry(AtomicWrite? Write, Invocation First, Invocation[] Others);
