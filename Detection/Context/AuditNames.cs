using System.Globalization;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>The numbers of a process as the text that audit records have.</summary>
internal sealed class AuditNames
{
    /// <summary>Capabilities have no field of their own in audit records of this kind; events of capset ask by these.</summary>
    public static readonly FieldId CapEffective = FieldTable.Intern("cap_pe"), CapPermitted = FieldTable.Intern("cap_pp");

    private static readonly FieldId[] Names =
    [
        AuditFields.Exe, AuditFields.Pid, AuditFields.ParentPid, AuditFields.AuditUid, AuditFields.Session, AuditFields.Uid,
        AuditFields.EffectiveUid, AuditFields.SavedUid, AuditFields.FsUid, AuditFields.Gid, AuditFields.EffectiveGid,
        AuditFields.SavedGid, AuditFields.FsGid, CapEffective, CapPermitted,
    ];

    /// <summary>Where a field stands in <see cref="Names"/>, from 1; 0 for one that does not.</summary>
    private static readonly byte[] Places = Place();

    private readonly byte[][] _values;

    /// <summary>Writes down the numbers of a process.</summary>
    public AuditNames(ProcessKey key, in ProcessDetail detail)
    {
        _values =
        [
            [], Digits((uint)key.Pid), Digits((uint)detail.ParentPid), Digits(detail.LoginUid), Digits(detail.SessionId),
            Digits(detail.Uid),
            Digits(detail.EffectiveUid), Digits(detail.SavedUid), Digits(detail.FsUid), Digits(detail.Gid), Digits(detail.EffectiveGid),
            Digits(detail.SavedGid), Digits(detail.FsGid), Capabilities(detail.CapabilitiesEffective),
            Capabilities(detail.CapabilitiesPermitted),
        ];
    }

    /// <summary>Whether the field is one of these.</summary>
    public static bool Has(FieldId field) => field.Value < Places.Length && Places[field.Value] != 0; // hot

    /// <summary>The value of a field that <see cref="Has"/> knows.</summary>
    public FieldValue Find(FieldId field) => new(FieldKind.Text, _values[Places[field.Value] - 1]); // hot

    private static byte[] Place()
    {
        var places = new byte[Names.Max(name => name.Value) + 1];
        for (var i = 0; i < Names.Length; i++) places[Names[i].Value] = (byte)(i + 1);
        return places;
    }

    private static byte[] Digits(uint number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Capabilities(ulong set) => Encoding.UTF8.GetBytes(set.ToString("x16", CultureInfo.InvariantCulture));
}
