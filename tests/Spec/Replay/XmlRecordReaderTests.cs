using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Xml;

namespace Picket.Spec.Replay;

/// <summary>Windows events as XML, as wevtutil prints and the event viewer saves them.</summary>
public sealed class XmlRecordReaderTests
{
    private const string One = """
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID Qualifiers='0'>4688</EventID><TimeCreated SystemTime='2024-05-01T10:00:00.1234567Z'/><Channel>Security</Channel><Computer>WS1</Computer></System><EventData><Data Name='CommandLine'>a &amp; b</Data><Data>x</Data><Data>y</Data></EventData></Event>
        """;

    private readonly List<MalformedRecord> _malformed = [];

    public XmlRecordReaderTests()
    {
        foreach (var field in (string[])["CommandLine", "Data", "Computer", "EventID_Qualifiers"]) FieldTable.Intern(field);
    }

    [Theory]
    [InlineData("{1}{1}{1}")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?>\r\n<Events>{1}\r\n{1}\r\n{1}</Events>")]
    [InlineData("<!-- <EventLog/> -->{1}\n<Eve{1}{1}")]
    public void Elements_are_found_in_every_layout(string text)
    {
        foreach (var piece in (int[])[1_000, 1, 7])
        {
            var batch = Read(text.Replace("{1}", One, StringComparison.Ordinal), piece);
            Assert.Equal(3, batch.Count);
            Assert.Empty(_malformed);
            var view = batch.View(2);
            Assert.Equal("4688|0|a & b|WS1", string.Join('|', Text(view, "EventID"), Text(view, "EventID_Qualifiers"), Text(view, "CommandLine"), Text(view, "Computer")));
            var data = new List<string>();
            foreach (var value in view.All(FieldTable.Intern("Data"))) data.Add(Encoding.UTF8.GetString(value.Text));
            Assert.Equal(["x", "y"], data);
            Assert.Equal(1714557600123456700UL, view.Record.TimeNs);
        }
    }

    [Fact]
    public void What_is_no_event_is_told_with_its_place_and_the_next_one_is_read()
    {
        var batch = Read($"{One}\n<Event><a></b></Event>\n<!DOCTYPE x [<!ENTITY e 'x'>]>\n<Event>&e;</Event>\n{One}\n<Event><cut>", 1_000);
        Assert.Equal(2, batch.Count);
        Assert.Equal([2L, 4L, 6L], _malformed.Select(place => place.Line));
    }

    /// <summary>Both took minutes.</summary>
    [Fact]
    public void Elements_without_end_and_without_bottom_are_told_and_cost_no_more_than_their_length()
    {
        var deep = Read($"<Event>{Repeat("<a>", 200_000)}{Repeat("</a>", 200_000)}</Event>{One}", 1_000_000);
        Assert.Equal(1, deep.Count);
        Assert.Equal("elements are more than 32 deep", Assert.Single(_malformed).Message);

        _malformed.Clear();
        const int Openings = XmlRecordReader.MaxRecord / 7 * 5 / 4;
        Assert.Equal(0, Read(Repeat("<Event ", Openings), 1_000_000).Count);
        Assert.InRange(_malformed.Count, Openings / 8, Openings);

        static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
    }

    private static string Text(EventView view, string field) => Encoding.UTF8.GetString(view.First(FieldTable.Intern(field)).Text);

    private EventBatch Read(string text, int piece)
    {
        using var reader = new XmlRecordReader(new PieceStream(Encoding.UTF8.GetBytes(text), piece), "x.xml", _malformed.Add);
        var batch = new EventBatch(64, 64 * 1024);
        reader.Fill(batch, null);
        return batch;
    }
}
