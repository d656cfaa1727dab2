using Picket.Detection.Events;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Sensors.Evtx;

/// <summary>One step of a plan: a field of each record of a template.</summary>
internal struct FieldSlot
{
    /// <summary>What it adds.</summary>
    public FieldSlotKind Kind;

    /// <summary>What is special about it.</summary>
    public FieldSlotFlags Flags;

    /// <summary>The type that the template gives the value.</summary>
    public EvtxType Type;

    /// <summary>Which value.</summary>
    public ushort Value;

    /// <summary>The field; <see cref="FieldId.Unnamed"/> where no rule names it.</summary>
    public FieldId Id;

    /// <summary>The field under its whole path, where a rule names that as well.</summary>
    public FieldId Second;

    /// <summary>Of a literal where its text is; of joined ones where their steps are.</summary>
    public int Start;

    /// <summary>How long it is, or how many.</summary>
    public int Length;

    /// <summary>Where its path is, for elements that come with the value.</summary>
    public int PathStart;

    /// <summary>How long the path is.</summary>
    public int PathLength;
}
