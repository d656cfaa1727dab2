using Picket.Actors.Event;

namespace Picket.Actors.TestKit;

/// <summary>Passes through a test actor's mailbox: when it has, everything told before has been kept.</summary>
internal sealed record Mark(TaskCompletionSource Passed) : IDeadLetterSuppression;
