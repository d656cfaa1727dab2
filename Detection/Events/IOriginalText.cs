using System.Buffers;

namespace Picket.Detection.Events;

/// <summary>Tells the original of a record as text, where its source keeps it as bytes that are none.</summary>
public interface IOriginalText
{
    /// <summary>
    /// Writes the original of <paramref name="view"/> as UTF-8; nothing where it cannot be told. May be called on several threads.
    /// </summary>
    void Write(in EventView view, IBufferWriter<byte> output);
}
