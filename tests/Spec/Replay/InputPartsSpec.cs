using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Inputs;
using Picket.Sensors.Replay.Json;
using Picket.Spec.Context.Hashing;

namespace Picket.Spec.Replay;

/// <summary>What is packed in inputs, and what it is written in.</summary>
public sealed class InputPartsSpec : IDisposable
{
    private const string Line = "{\"Image\":\"/a\"}\n";
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Line, 5000)));

    private readonly string _folder = TestFolder.Make("inputs");
    private readonly List<MalformedRecord> _malformed = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{\"a\":1}", InputFormat.Json)]
    [InlineData("\uFEFF \r\n [ {\"a\":1}]", InputFormat.Json)]
    [InlineData("[]", InputFormat.Json)]
    [InlineData("type=CWD msg=audit(1492037291.038:60): cwd=\"/\"", InputFormat.Audit)]
    [InlineData("node=web1 type=CWD msg=audit(1492037291.038:60): cwd=\"/\"", InputFormat.Audit)]
    [InlineData("Nov 21 15:30:25 web1 sshd[12]: Accepted", InputFormat.Syslog)]
    [InlineData("<34>1 2026-11-21T15:30:25Z web1 su - - - x", InputFormat.Syslog)]
    [InlineData("-- logs begin --\n2026-11-21T15:30:25.1+01:00 web1 su[1]: x", InputFormat.Syslog)]
    [InlineData("ElfFile\0rest", InputFormat.Evtx)]
    [InlineData("[    0.000000] Linux version", InputFormat.Unknown)]
    [InlineData("<Event xmlns='x'>", InputFormat.Xml)]
    [InlineData("\uFEFF<?xml version='1.0'?><Events>", InputFormat.Xml)]
    [InlineData("<EventData>", InputFormat.Unknown)]
    [InlineData("\0\0\0{\"a\":1}", InputFormat.Json)]
    [InlineData("----\ntime->Wed May  1 10:00:00 2024\ntype=CWD msg=audit(1492037291.038:60): cwd=\"/\"", InputFormat.Audit)]
    [InlineData("----\ntype=CWD msg=audit(05/01/2024 10:00:00.123:77) : cwd=/root", InputFormat.Audit)]
    [InlineData("title: a rule\n", InputFormat.Unknown)]
    [InlineData("\0\0\0\0", InputFormat.Unknown)]
    [InlineData("rest\",\"b\":1}\n{\"a\":1}\n", InputFormat.Json)]
    [InlineData("# of yesterday\n\n{\"a\":1,\"b\":\"cut", InputFormat.Json)]
    [InlineData("\n \r\n", InputFormat.Json)]
    [InlineData("a: b\n{\"a\":1} is an object\n{\n\"a\":1}\n", InputFormat.Unknown)]
    public void A_format_is_recognised_by_the_content(string head, InputFormat expected) =>
        Assert.Equal(expected, FormatProbe.Recognise(Encoding.UTF8.GetBytes(head)));

    [Fact]
    public void Packed_files_are_unpacked_while_they_are_read()
    {
        Assert.Equal([("f", 5000)], Read("f", Lines));
        Assert.Equal([("f", 5000)], Read("f", Gzip(Lines)));
        Assert.Equal([("f", 10000)], Read("f", [.. Gzip(Lines), .. Gzip(Lines)]));
        Assert.Equal([("f", 5000)], Read("f", Gzip(Gzip(Lines))));
        Assert.Equal([("f", 5000)], Read("f", Gzip(Gzip(Gzip(Lines)))));
        var zip = Zip(("dir/", []), ("dir/b.json", Lines), ("a.json.gz", Gzip(Lines)), ("__MACOSX/._a", [0, 5, 22]), ("empty", []));
        Assert.Equal([("f!dir/b.json", 5000), ("f!a.json.gz", 5000)], Read("f", zip));
        Assert.Empty(_malformed);
        Assert.Empty(Read("f", []));
    }

    [Fact]
    public void What_cannot_be_unpacked_is_said_and_the_rest_is_read()
    {
        var zip = Zip(("b\u0007.bin", [1, 0, 2]), ("inner.zip", Zip(("x", Lines))), ("a.json", Lines));
        Assert.Equal([("f!a.json", 5000)], Read("f", zip));
        Assert.Equal(["f!b\uFFFD.bin", "f!inner.zip"], _malformed.Select(part => part.File));
        Assert.All(_malformed, part => Assert.Equal((0, 0), (part.Line, part.Column)));
        Assert.StartsWith("f!inner.zip: a zip archive", _malformed[1].ToString());

        _malformed.Clear();
        Assert.Empty(Read("f", Gzip(Gzip(Gzip(Gzip(Lines))))));
        Assert.Contains("packed more than 3 times", Assert.Single(_malformed).Message);

        _malformed.Clear();
        Assert.Empty(Read("f", zip[..(zip.Length / 2)]));
        Assert.Single(_malformed);
    }

    [Fact]
    public void An_encrypted_entry_is_said_and_the_others_are_read()
    {
        var zip = Zip(("a.json", Lines), ("b.json", Lines));

        // The flag stands in the entry's own header and in the list of entries.
        zip[6] |= 1;
        zip[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
        Assert.Equal([("f!b.json", 5000)], Read("f", zip));
        Assert.Equal("f!a.json: it is encrypted", Assert.Single(_malformed).ToString());
    }

    [Fact]
    public void What_is_read_again_after_going_back_counts_once()
    {
        using var metered = new MeteredStream(new MemoryStream(Lines));
        var room = new byte[100];
        Assert.Equal(100, metered.Read(room, 0, 100));
        metered.Position = 40;
        Assert.Equal(40, metered.BytesRead);
        Assert.Equal(100, metered.Read(room, 0, 100));
        Assert.Equal(140, metered.BytesRead);
        metered.Position = 1000;
        Assert.Equal(140, metered.BytesRead);
    }

    [Fact]
    public void A_damaged_gzip_gives_what_was_read_of_it()
    {
        var random = new Random(1);
        var lines = string.Concat(Enumerable.Range(0, 20000).Select(_ => $"{{\"Image\":\"/{random.Next()}\"}}\n"));
        var packed = Gzip(Encoding.UTF8.GetBytes(lines));
        var (_, records) = Assert.Single(Read("cut.gz", packed[..(packed.Length / 2)]));
        Assert.InRange(records, 5000, 15000);
        Assert.InRange(_malformed.Count, 1, 2);
        Assert.All(_malformed, place => Assert.InRange(place.Line, records, records + 2));

        _malformed.Clear();
        packed[packed.Length / 2] ^= 0xFF;
        packed[(packed.Length / 2) + 1] ^= 0xFF;
        (_, records) = Assert.Single(Read("bad.gz", packed));
        Assert.InRange(records, 1, 20000);
        Assert.NotEmpty(_malformed);
    }

    [Fact]
    public void Text_in_UTF_16_is_read()
    {
        byte[] text = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"Image\":\"/é\"}\r\n{\"Image\":\"/b\"}\r\n")];
        Assert.Equal([("f", 2)], Read("f", text));
        Assert.Equal([("f", 2)], Read("f", Gzip(text)));
        Assert.Equal([("f", 2)], Read("f", text[2..]));
        byte[] big = [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("{\"Image\":\"/é\"}\r\n{\"Image\":\"/b\"}\r\n")];
        Assert.Equal([("f", 2)], Read("f", big));
        Assert.Equal([("f", 2)], Read("f", big[2..]));
        Assert.Empty(_malformed);
    }

    [Fact]
    public void The_files_of_a_tar_archive_are_read()
    {
        var tar = Tar(("dir/b.json", Lines), ("a.json.gz", Gzip(Lines)), ("empty", []));
        Assert.Equal([("f!dir/b.json", 5000), ("f!a.json.gz", 5000)], Read("f", tar));
        Assert.Equal([("f!dir/b.json", 5000), ("f!a.json.gz", 5000)], Read("f", Gzip(tar)));
        Assert.Empty(_malformed);
        var (name, records) = Assert.Single(Read("f", tar[..(Lines.Length / 2)]));
        Assert.Equal("f!dir/b.json", name);
        Assert.InRange(records, 2000, 2500);
        Assert.NotEmpty(_malformed);
    }

    [Theory]
    [InlineData("FD377A585A0000", "xz")]
    [InlineData("28B52FFD2400", "zstd")]
    [InlineData("425A6839314159", "bzip2")]
    [InlineData("377ABCAF271C0004", "7-Zip")]
    [InlineData("526172211A0700", "rar")]
    public void What_is_packed_by_others_is_said(string head, string packer)
    {
        Assert.Empty(Read("f", Convert.FromHexString(head)));
        Assert.Equal($"f: it is packed by {packer}, which is not read: it has to be unpacked first", Assert.Single(_malformed).ToString());
    }

    [Fact]
    public void A_gzip_that_ends_between_two_records_is_cut_off_all_the_same()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Line));
            gzip.Flush();
            Assert.Equal([("f", 1)], Read("f", packed.ToArray()));
        }

        Assert.Contains("damaged, and ends here", Assert.Single(_malformed).Message);
        _malformed.Clear();
        Assert.Empty(Read("f", packed.ToArray()[..5]));
        Assert.Contains("packed and damaged", Assert.Single(_malformed).Message);
    }

    [Fact]
    public void A_gzip_whose_sum_is_wrong_gives_what_is_in_it()
    {
        var packed = Gzip(Lines);
        packed.AsSpan(^8..).Clear();
        var (_, records) = Assert.Single(Read("f", packed));
        Assert.InRange(records, 4900, 5000);
        Assert.NotEmpty(_malformed);
    }

    [Fact]
    public void A_bomb_takes_time_and_no_memory()
    {
        var bomb = Gzip(new byte[200 * 1024 * 1024], '{');
        Assert.Equal([("f", 0)], Read("f", bomb));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal([("f", 0)], Read("f", bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 1024 * 1024);
        Assert.NotEmpty(_malformed);
    }

    [Fact]
    public void A_folder_is_its_files_in_a_stable_order()
    {
        foreach (var file in (string[])["b", "a/z", "a/b/c", "B", "aa"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
            File.WriteAllText(Path.Combine(_folder, file), Line);
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "a", "loop"), _folder);
        Assert.Equal(["B", "a/b/c", "a/z", "aa", "b"], InputFiles.Find(_folder).Select(file => Path.GetRelativePath(_folder, file)));
        Assert.Equal(["no such"], InputFiles.Find("no such"));
    }

    [Fact]
    public void What_is_no_file_is_left_out_of_a_folder_and_told()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("named pipes are made by mkfifo");
            return;
        }

        File.WriteAllText(Path.Combine(_folder, "a"), Line);
        ExecutedFile.MakePipe(Path.Combine(_folder, "pipe"));
        File.CreateSymbolicLink(Path.Combine(_folder, "to-pipe"), "pipe");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "loop"), _folder);
        File.CreateSymbolicLink(Path.Combine(_folder, "gone"), "nowhere");
        Assert.Equal(["a", "gone"], InputFiles.Find(_folder, _malformed.Add).Select(Path.GetFileName));
        Assert.Equal(["loop", "pipe", "to-pipe"], _malformed.Select(part => Path.GetFileName(part.File)));
    }

    private static byte[] Gzip(byte[] content, char? first = null)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            if (first is { } letter) gzip.WriteByte((byte)letter);
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] entries)
    {
        var packed = new MemoryStream();
        using (var archive = new TarWriter(packed, leaveOpen: true))
        {
            archive.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "dir/"));
            foreach (var (name, content) in entries)
                archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return packed.ToArray();
    }

    private List<(string Name, int Records)> Read(string name, byte[] content)
    {
        var found = new List<(string, int)>();
        foreach (var part in InputParts.Open(name, new MemoryStream(content), InputFormat.Unknown, _malformed.Add))
        {
            Assert.Equal(InputFormat.Json, part.Format);
            using var reader = new JsonRecordReader(part.Content, part.Name, _malformed.Add);
            var batch = new EventBatch(64, 64 * 1024);
            while (reader.Fill(batch, null)) batch.LetGo();
            found.Add((part.Name, (int)reader.Records));
        }

        return found;
    }
}
