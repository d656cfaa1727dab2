using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Serialization;

/// <summary>An event whose type or manifest has no serialiser, or whose bytes do not fit it.</summary>
public sealed class EventSerializationException(string message, Exception? innerException = null)
    : JournalException(message, innerException);
