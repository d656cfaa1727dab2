using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Decodes the system calls of the privilege concern.</summary>
internal static class CallDecoder
{
    private const int Kinds = 16;
    private const ulong SetName = 15;
    private const ulong WriteAccess = 0x20;

    /// <summary>The highest result that is an error.</summary>
    private const int LargestError = 4095;

    private static readonly EventRoute[] Routes =
        [.. Enumerable.Range((int)RecordKind.SetId, Kinds).Select(kind => RecordFields.RouteOf((EventKind)kind))];

    /// <summary>Decodes a record of the privilege concern.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        if (kind is < RecordKind.SetId or > RecordKind.Call) return DecodeResult.Unknown;
        var standing = kind is RecordKind.SetId or RecordKind.Capset or RecordKind.Unshare or RecordKind.Setns;
        var size = standing ? Unsafe.SizeOf<StandingRecord>() : Unsafe.SizeOf<CallRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var call = ref MemoryMarshal.AsRef<CallRecord>(bytes);
        foreach (ref readonly var text in call.Texts)
        {
            if (!RecordFields.Fits(text, size, (uint)bytes.Length)) return DecodeResult.Malformed;
        }

        ref var record = ref batch.Add((EventKind)kind);
        record.Route = Routes[(int)kind - (int)RecordKind.SetId];
        if ((call.Flags & CallFlags.OnSensor) != 0) record.Flags |= EventFlags.OnSensor;
        if (call.Target.Tgid != 0) record.Target = new ProcessKey(call.Target.Start, (int)call.Target.Tgid);
        RecordFields.Name(batch, call.Comm);
        if ((call.Flags & CallFlags.NoCall) == 0)
        {
            var compat = (call.Flags & CallFlags.ThroughCompat) != 0;
            batch.AddText(CallFields.SystemCall, CallNames.Of(call.Number, compat));
            if (compat) batch.AddText(CallFields.Entry, "compat"u8);
            Result(batch, call.Result);
        }

        if (call.Target.Tgid != 0)
        {
            RecordFields.Number(batch, CallFields.TargetProcessId, call.Target.Tgid);
            if (call.TargetUid != uint.MaxValue) RecordFields.Number(batch, CallFields.TargetUid, call.TargetUid);
        }

        if ((call.Flags & CallFlags.OnSensor) != 0) batch.AddText(CallFields.TargetIsSensor, "true"u8);
        if ((call.Flags & CallFlags.OnGuard) != 0) batch.AddText(CallFields.TargetIsGuard, "true"u8);
        Describe(kind, call, batch, RecordFields.CopyHeap(batch, bytes, size));
        if (standing) Stand(kind, MemoryMarshal.AsRef<StandingRecord>(bytes).Surroundings, batch);
        return DecodeResult.Decoded;
    }

    private static void Describe(RecordKind kind, in CallRecord call, EventBatch batch, int shift) // hot
    {
        switch (kind)
        {
            case RecordKind.Ptrace:
                Named(batch, CallFields.Request, KernelNames.Ptrace, call.Arguments[0]);
                Hexadecimal(batch, CallFields.GrantedAccess, call.Arguments[0]);
                break;
            case RecordKind.VmWrite:
                batch.AddText(CallFields.Request, "process_vm_writev"u8);
                Hexadecimal(batch, CallFields.GrantedAccess, WriteAccess);
                break;
            case RecordKind.Memfd:
                RecordFields.Text(batch, Fields.TargetFilename, call.Texts[0], shift);
                Bits(batch, CallFields.Flags, KernelNames.Memfd, call.Arguments[1]);
                break;
            case RecordKind.Module:
                RecordFields.Text(batch, CallFields.ModuleName, call.Texts[0], shift);
                RecordFields.Text(batch, CallFields.ImageLoaded, call.Texts[1], shift);
                RecordFields.Text(batch, CallFields.Parameters, call.Texts[2], shift);
                if (call.Texts[1].Length > 0) Bits(batch, CallFields.Flags, KernelNames.Module, call.Arguments[2]);
                break;
            case RecordKind.Bpf:
                Bpf(call, batch, shift);
                break;
            case RecordKind.Mount:
                Mount(call, batch, shift);
                break;
            case RecordKind.Umount:
                RecordFields.Text(batch, CallFields.MountTarget, call.Texts[0], shift);
                if (CallNames.Of(call.Number, (call.Flags & CallFlags.ThroughCompat) != 0).EndsWith("2"u8))
                    Bits(batch, CallFields.Flags, KernelNames.Umount, call.Arguments[1]);
                break;
            case RecordKind.Unshare:
                Bits(batch, CallFields.Namespaces, KernelNames.Namespaces, call.Arguments[0]);
                break;
            case RecordKind.Setns:
                Bits(batch, CallFields.Namespaces, KernelNames.Namespaces, call.Detail != 0 ? call.Detail : call.Arguments[1]);
                break;
            case RecordKind.PivotRoot:
                RecordFields.Text(batch, CallFields.NewRoot, call.Texts[0], shift);
                RecordFields.Text(batch, CallFields.OldRoot, call.Texts[1], shift);
                break;
            case RecordKind.Kill:
                Named(batch, CallFields.Signal, KernelNames.Signals, call.Detail);
                break;
            case RecordKind.Prctl:
                Prctl(call, batch, shift);
                break;
            case RecordKind.Call:
                for (var i = 0; i < 6; i++) Hexadecimal(batch, ArgumentFields[i], call.Arguments[i]);
                break;
        }
    }

    private static readonly FieldId[] ArgumentFields =
    [
        CallFields.Argument0, CallFields.Argument1, CallFields.Argument2, CallFields.Argument3, CallFields.Argument4, CallFields.Argument5,
    ];

    private static void Bpf(in CallRecord call, EventBatch batch, int shift) // hot
    {
        var request = KernelNames.BpfCommands.NameOf(call.Arguments[0]);
        Named(batch, CallFields.Request, KernelNames.BpfCommands, call.Arguments[0]);
        if (request.SequenceEqual("BPF_PROG_LOAD"u8)) Named(batch, CallFields.ObjectType, KernelNames.BpfPrograms, call.Detail);
        if (request.SequenceEqual("BPF_MAP_CREATE"u8)) Named(batch, CallFields.ObjectType, KernelNames.BpfMaps, call.Detail);
        RecordFields.Text(batch, request.StartsWith("BPF_OBJ"u8) ? Fields.TargetFilename : CallFields.ObjectName, call.Texts[0], shift);
    }

    private static void Mount(in CallRecord call, EventBatch batch, int shift) // hot
    {
        RecordFields.Text(batch, CallFields.MountSource, call.Texts[0], shift);
        RecordFields.Text(batch, CallFields.MountTarget, call.Texts[1], shift);
        RecordFields.Text(batch, CallFields.MountType, call.Texts[2], shift);
        var name = CallNames.Of(call.Number, (call.Flags & CallFlags.ThroughCompat) != 0);
        if (name.SequenceEqual("mount"u8)) Bits(batch, CallFields.Flags, KernelNames.Mount, call.Arguments[3]);
        else if (name.SequenceEqual("move_mount"u8)) Bits(batch, CallFields.Flags, KernelNames.MoveMount, call.Arguments[4]);
        else Bits(batch, CallFields.Flags, KernelNames.MountAttributes, call.Detail);
    }

    private static void Prctl(in CallRecord call, EventBatch batch, int shift) // hot
    {
        if ((call.Flags & CallFlags.NoCall) != 0)
        {
            Named(batch, CallFields.Request, KernelNames.Prctl, SetName);
            RecordFields.Text(batch, CallFields.NewName, call.Texts[0], shift);
            RecordFields.Text(batch, CallFields.OldName, call.Texts[1], shift);
            return;
        }

        Named(batch, CallFields.Request, KernelNames.Prctl, call.Arguments[0]);
        for (var i = 1; i < 5; i++) Hexadecimal(batch, ArgumentFields[i], call.Arguments[i]);
    }

    /// <summary>What the thread is now: for the context stage as numbers, and for rules as fields.</summary>
    private static void Stand(RecordKind kind, in Surroundings now, EventBatch batch) // hot
    {
        var detail = default(ProcessDetail);
        StandingFields.Fill(ref detail, now);
        if (kind == RecordKind.SetId)
        {
            RecordFields.Number(batch, CallFields.NewUid, detail.Uid);
            RecordFields.Number(batch, CallFields.NewEuid, detail.EffectiveUid);
            RecordFields.Number(batch, CallFields.NewSuid, detail.SavedUid);
            RecordFields.Number(batch, CallFields.NewFsuid, detail.FsUid);
            RecordFields.Number(batch, CallFields.NewGid, detail.Gid);
            RecordFields.Number(batch, CallFields.NewEgid, detail.EffectiveGid);
            RecordFields.Number(batch, CallFields.NewSgid, detail.SavedGid);
            RecordFields.Number(batch, CallFields.NewFsgid, detail.FsGid);
        }

        if (kind is RecordKind.SetId or RecordKind.Capset)
        {
            RecordFields.Digits(batch, CallFields.NewCapEffective, detail.CapabilitiesEffective, 4, 16);
            RecordFields.Digits(batch, CallFields.NewCapPermitted, detail.CapabilitiesPermitted, 4, 16);
            RecordFields.Digits(batch, CallFields.NewCapInheritable, detail.CapabilitiesInheritable, 4, 16);
        }

        batch.SetDetail(detail);
    }

    private static void Result(EventBatch batch, long result) // hot
    {
        if (result is >= 0 or < -LargestError) batch.AddText(CallFields.Result, "success"u8);
        else Named(batch, CallFields.Result, KernelNames.Errors, (ulong)-result);
    }

    /// <summary>A number's name, or its digits where it has none.</summary>
    private static void Named(EventBatch batch, FieldId field, NameTable names, ulong number) // hot
    {
        var name = names.NameOf(number);
        if (name.IsEmpty) RecordFields.Number(batch, field, number);
        else batch.AddText(field, name);
    }

    private static void Bits(EventBatch batch, FieldId field, NameTable names, ulong set) // hot
    {
        if (set == 0) return;
        Span<byte> text = stackalloc byte[512];
        batch.AddText(field, text[..names.WriteBits(set, text)]);
    }

    private static void Hexadecimal(EventBatch batch, FieldId field, ulong number) // hot
    {
        Span<byte> text = stackalloc byte[18];
        text[0] = (byte)'0';
        text[1] = (byte)'x';
        number.TryFormat(text[2..], out var length, "x", CultureInfo.InvariantCulture);
        batch.AddText(field, text[..(length + 2)]);
    }
}
