using System.Buffers.Text;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Logs.Audit;

/// <summary>
/// Makes the fields of an audit record: its own key=value pairs, those inside of <c>msg='..'</c>, and the names that auditd adds behind
/// the 0x1D of an enriched line, each under its own name; what was written in hexadecimal digits is text again.
/// </summary>
internal sealed class AuditDecoder
{
    private const byte Enriched = 0x1D;

    private static readonly FieldId Cmd = FieldTable.Intern("cmd");

    private readonly List<byte> _pieces = [];
    private int _pieceOf = -1;
    private bool _execve;
    private bool _named;
    private uint _arch;
    private long _number = -1;

    /// <summary>Adds the fields to the record added last.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">Where the line begins in the batch's arena.</param>
    /// <param name="line">The line.</param>
    /// <param name="header">Its beginning.</param>
    public void Decode(EventBatch batch, int start, ReadOnlySpan<byte> line, in AuditHeader header) // hot
    {
        var type = header.Type.Of(line);
        if (char.IsAsciiDigit((char)type[0]))
        {
            type = AuditTypes.NameOf(type);
            batch.AddText(LogFields.Type, type);
        }
        else
        {
            Add(batch, LogFields.Type, start, header.Type);
        }

        batch.AddText(AuditFields.Source, "log"u8);
        Add(batch, LogFields.Serial, start, header.Serial);
        if (!header.Node.IsEmpty) Add(batch, LogFields.Host, start, header.Node);
        _execve = type.SequenceEqual("EXECVE"u8);
        (_arch, _number, _named, _pieceOf) = (0, -1, false, -1);
        Pairs(batch, start, line, header.Body, line.Length, inMessage: false);
        EndPieces(batch);
        if (_named || _number < 0) return;
        if (AuditArchitecture.CallName(_arch, _number) is not { } name) return;
        Encoding.ASCII.GetBytes(name, batch.Reserve(name.Length, out var at));
        batch.AddField(LogFields.Syscall, FieldKind.Text, at, name.Length);
    }

    private static void Add(EventBatch batch, FieldId field, int start, TextPart part) =>
        batch.AddField(field, FieldKind.Text, start + part.Start, part.Length);

    private void Pairs(EventBatch batch, int start, ReadOnlySpan<byte> line, int at, int end, bool inMessage)
    {
        while (at < end)
        {
            var letter = line[at];
            if (letter is (byte)' ' or (byte)',' or (byte)'(' or (byte)')' or (byte)':' or Enriched)
            {
                at++;
                continue;
            }

            var stop = line[at..end].IndexOfAny((byte)'=', (byte)' ', Enriched);
            if (stop < 0) stop = end - at;
            var key = new TextPart(at, stop);
            at += stop;
            if (at >= end || line[at] != '=' || key.IsEmpty)
            {
                // A word without a value, as in the text of an AVC: only keywords find it.
                if (!key.IsEmpty) Add(batch, FieldId.Unnamed, start, key);
                else at++;
                continue;
            }

            at = Value(batch, start, line, key, at + 1, end, inMessage);
        }
    }

    /// <summary>Adds the value that begins at <paramref name="at"/>; returns where it ended.</summary>
    private int Value(EventBatch batch, int start, ReadOnlySpan<byte> line, TextPart key, int at, int end, bool inMessage)
    {
        var name = key.Of(line);
        if (at < end && line[at] == '"')
        {
            var close = line[(at + 1)..end].IndexOf((byte)'"');
            var quoted = TextPart.Between(at + 1, close < 0 ? end : at + 1 + close);
            Plain(batch, start, line, name, quoted);
            return quoted.Start + quoted.Length + 1;
        }

        if (!inMessage && at < end && line[at] == '\'' && name.SequenceEqual("msg"u8))
        {
            // What is inside was written by a program: it may hold quotes, and the last one is the kernel's. No message is in another one:
            // a line of nothing but their beginnings would go as deep as it is long.
            var limit = line[at..end].IndexOf(Enriched) is >= 0 and var mark ? at + mark : end;
            var close = line[(at + 1)..limit].LastIndexOf((byte)'\'');
            var inner = close < 0 ? limit : at + 1 + close;
            Pairs(batch, start, line, at + 1, inner, inMessage: true);
            return inner + 1;
        }

        var stop = line[at..end].IndexOfAny((byte)' ', Enriched);
        var bare = TextPart.Between(at, stop < 0 ? end : at + stop);
        at = bare.Start + bare.Length;
        while (!bare.IsEmpty && line[bare.Start + bare.Length - 1] is (byte)',' or (byte)')' && !IsNone(bare.Of(line)))
            bare = bare with { Length = bare.Length - 1 };
        if (EncodedValue.MayBe(name, _execve) && EncodedValue.HasForm(bare.Of(line))) Encoded(batch, name, bare.Of(line));
        else Plain(batch, start, line, name, bare);
        return at;
    }

    private static bool IsNone(ReadOnlySpan<byte> value) => value.SequenceEqual("(null)"u8) || value.SequenceEqual("(none)"u8);

    private void Plain(EventBatch batch, int start, ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, TextPart value)
    {
        var text = value.Of(line);
        if (_execve && name.Contains((byte)'['))
        {
            AddPiece(batch, name, text);
            return;
        }

        Look(name, text);
        var kind = text.SequenceEqual("(null)"u8) ? FieldKind.Null : FieldKind.Text;
        batch.AddField(FieldTable.Find(name), kind, start + value.Start, kind == FieldKind.Null ? 0 : value.Length);
    }

    /// <summary>Remembers what names the system call.</summary>
    private void Look(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (name.SequenceEqual("arch"u8))
        {
            if (!Utf8Parser.TryParse(text, out _arch, out var used, 'x') || used != text.Length) _arch = 0;
        }
        else if (name.SequenceEqual("syscall"u8))
        {
            if (!Utf8Parser.TryParse(text, out _number, out var used) || used != text.Length) _number = -1;
        }
        else if (name.SequenceEqual("SYSCALL"u8))
        {
            _named = true;
        }
    }

    private void Encoded(EventBatch batch, ReadOnlySpan<byte> name, ReadOnlySpan<byte> digits)
    {
        var bytes = batch.Reserve(digits.Length / 2, out var at);
        EncodedValue.Decode(digits, bytes);
        if (_execve && name.Contains((byte)'['))
        {
            AddPiece(batch, name, bytes);
            return;
        }

        var field = FieldTable.Find(name);
        if (field == LogFields.Key)
        {
            AddKeys(batch, at, bytes);
            return;
        }

        // The arguments of a title or a command are joined by NUL; everywhere else Picket joins them by a blank.
        if (name.SequenceEqual("proctitle"u8) || field == Cmd) bytes.Replace((byte)0, (byte)' ');
        batch.AddField(field, FieldKind.Text, at, bytes.Length);
    }

    /// <summary>Several keys of one record are joined by 0x01.</summary>
    private static void AddKeys(EventBatch batch, int at, ReadOnlySpan<byte> keys)
    {
        while (true)
        {
            var end = keys.IndexOf((byte)1);
            batch.AddField(LogFields.Key, FieldKind.Text, at, end < 0 ? keys.Length : end);
            if (end < 0) return;
            at += end + 1;
            keys = keys[(end + 1)..];
        }
    }

    /// <summary>A long argument comes in pieces, a2[0], a2[1] and so on, which follow one another.</summary>
    private void AddPiece(EventBatch batch, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(name[1..], out int argument, out _)) return;
        if (argument != _pieceOf) EndPieces(batch);
        _pieceOf = argument;
        _pieces.AddRange(text);
    }

    private void EndPieces(EventBatch batch)
    {
        if (_pieceOf >= 0)
        {
            Span<byte> name = stackalloc byte[12];
            name[0] = (byte)'a';
            Utf8Formatter.TryFormat(_pieceOf, name[1..], out var digits);
            batch.AddText(FieldTable.Find(name[..(digits + 1)]), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pieces));
        }

        _pieces.Clear();
        _pieceOf = -1;
    }
}
