using System.Text.Json;
using Picket.Detection.Events;
using Picket.Fuzz.Targets;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Spec.Evtx;

/// <summary>Every type of value, as a field and in the JSON, from hand-made logs.</summary>
public sealed class ValueTests
{
    private const string Name = "EvtxValueTests";

    public ValueTests()
    {
        foreach (var name in (string[])[Name, "Provider_Name"]) FieldTable.Intern(name);
    }

    public static TheoryData<int, byte[], FieldKind, string> Values => new()
    {
        { 0x00, [], FieldKind.Text, "" },
        { 0x00, [1, 2], FieldKind.Text, "" },
        { 0x01, EvtxMaker.Utf16("a\u00e9\U0001F600"), FieldKind.Text, "a\u00e9\U0001F600" },
        { 0x01, EvtxMaker.Utf16("C:\\x \"y\"\t\u0001<&>"), FieldKind.Text, "C:\\x \"y\"\t\u0001<&>" },
        { 0x01, EvtxMaker.Utf16("ends\0here"), FieldKind.Text, "ends" },
        { 0x01, [0x41, 0, 0x00, 0xD8, 0x42, 0], FieldKind.Text, "A\uFFFDB" },
        { 0x01, [0x41, 0, 0x42], FieldKind.Text, "A" },
        { 0x01, [], FieldKind.Text, "" },
        { 0x02, [0x41, 0x80, 0xE9, 0x81, 0], FieldKind.Text, "A\u20AC\u00E9\u0081" },
        { 0x02, [0x9F, 0x9D], FieldKind.Text, "\u0178\u009D" },
        { 0x03, [0xFF], FieldKind.Number, "-1" },
        { 0x04, [0xFF], FieldKind.Number, "255" },
        { 0x05, [0xFE, 0xFF], FieldKind.Number, "-2" },
        { 0x05, [0x34, 0x92], FieldKind.Number, "-28108" },
        { 0x06, [0xFF, 0xFF], FieldKind.Number, "65535" },
        { 0x07, [0, 0, 0, 0x80], FieldKind.Number, "-2147483648" },
        { 0x07, [0xFD, 0xFF], FieldKind.Number, "-3" },
        { 0x08, [0xFF, 0xFF, 0xFF, 0xFF], FieldKind.Number, "4294967295" },
        { 0x08, [1, 2, 3], FieldKind.Number, "197121" },
        { 0x08, [7, 0, 0, 0, 9], FieldKind.Number, "7" },
        { 0x09, [0, 0, 0, 0, 0, 0, 0, 0x80], FieldKind.Number, "-9223372036854775808" },
        { 0x0A, [255, 255, 255, 255, 255, 255, 255, 255], FieldKind.Number, "18446744073709551615" },
        { 0x0B, BitConverter.GetBytes(1.5f), FieldKind.Number, "1.5" },
        { 0x0B, BitConverter.GetBytes(float.NegativeInfinity), FieldKind.Text, "-Infinity" },
        { 0x0B, BitConverter.GetBytes(float.NaN), FieldKind.Text, "NaN" },
        { 0x0C, BitConverter.GetBytes(-0.25), FieldKind.Number, "-0.25" },
        { 0x0C, BitConverter.GetBytes(1e300), FieldKind.Number, "1E+300" },
        { 0x0C, BitConverter.GetBytes(double.NaN), FieldKind.Text, "NaN" },
        { 0x0D, [1, 0, 0, 0], FieldKind.Boolean, "true" },
        { 0x0D, [0, 0, 0, 0], FieldKind.Boolean, "false" },
        { 0x0D, [0, 0, 1, 0], FieldKind.Boolean, "true" },
        { 0x0D, [0], FieldKind.Boolean, "false" },
        { 0x0E, [0, 0xAB, 0x10], FieldKind.Text, "00AB10" },
        { 0x0F, new Guid("54849625-5478-4994-a5ba-3e3b0328c30d").ToByteArray(), FieldKind.Text, "54849625-5478-4994-A5BA-3E3B0328C30D" },
        { 0x0F, [1, 2, 3], FieldKind.Text, "010203" },
        { 0x0F, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17], FieldKind.Text, "0102030405060708090A0B0C0D0E0F1011" },
        { 0x10, [0xEC, 0x7E, 0, 0], FieldKind.Text, "0x7eec" },
        { 0x10, [1, 0, 0, 0, 1, 0, 0, 0], FieldKind.Text, "0x100000001" },
        { 0x11, BitConverter.GetBytes(0L), FieldKind.Text, "1601-01-01T00:00:00.000000Z" },
        { 0x11, BitConverter.GetBytes(new DateTime(2016, 7, 8, 18, 12, 51, DateTimeKind.Utc).AddTicks(6_816_409).ToFileTimeUtc()), FieldKind.Text, "2016-07-08T18:12:51.681640Z" },
        { 0x11, BitConverter.GetBytes(DateTime.MaxValue.ToFileTimeUtc()), FieldKind.Text, "9999-12-31T23:59:59.999999Z" },
        { 0x11, BitConverter.GetBytes(2_650_467_744_000_000_000), FieldKind.Text, "2650467744000000000" },
        { 0x11, BitConverter.GetBytes(long.MaxValue), FieldKind.Text, "9223372036854775807" },
        { 0x11, BitConverter.GetBytes(-1L), FieldKind.Text, "-1" },
        { 0x12, [0xE2, 7, 12, 0, 1, 0, 31, 0, 23, 0, 59, 0, 58, 0, 7, 0], FieldKind.Text, "2018-12-31T23:59:58.007000Z" },
        { 0x12, [255, 255, 12, 0, 1, 0, 31, 0, 23, 0, 59, 0, 58, 0, 7, 0], FieldKind.Text, "FFFF0C0001001F0017003B003A000700" },
        { 0x12, [0xE2, 7, 12, 0, 1, 0, 31, 0, 23, 0, 59, 0, 58, 0, 0xE8, 3], FieldKind.Text, "E2070C0001001F0017003B003A00E803" },
        { 0x12, [0xE2, 7, 13, 0, 1, 0, 31, 0, 23, 0, 59, 0, 58, 0, 7, 0], FieldKind.Text, "E2070D0001001F0017003B003A000700" },
        { 0x13, [1, 1, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0], FieldKind.Text, "S-1-4294967296-5" },
        { 0x13, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, 9, 0, 0, 0], FieldKind.Text, "S-1-5-18" },
        { 0x13, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0], FieldKind.Text, "S-1-5-18" },
        { 0x13, [1, 3, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 255, 255, 255, 255, 244, 1, 0, 0], FieldKind.Text, "S-1-5-21-4294967295-500" },
        { 0x13, [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0], FieldKind.Text, "S-1-5-21" },
        { 0x13, [1, 1, 0], FieldKind.Text, "010100" },
        { 0x14, [0, 0, 0, 0], FieldKind.Text, "0x0" },
        { 0x14, [0xE7, 3, 0, 0], FieldKind.Text, "0x3e7" },
        { 0x15, [0, 0, 0, 0, 0, 0, 0x20, 0x80], FieldKind.Text, "0x8020000000000000" },
        { 0x20, [0x10, 0, 0, 0, 0, 0, 0, 0], FieldKind.Text, "0x10" },
        { 0x23, EvtxMaker.Utf16("<a b=\"c\"/>"), FieldKind.Text, "<a b=\"c\"/>" },
        { 0x77, [0xDE, 0xAD], FieldKind.Text, "DEAD" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_of_each_type_is_told_alike_in_fields_and_JSON(int type, byte[] value, FieldKind kind, string text)
    {
        var told = Assert.Single(Read((EvtxType)type, value).Events);
        Assert.Equal((kind, text), told.Field(Name));
        var json = told.At("Event", "EventData", Name);
        Assert.Equal(kind == FieldKind.Text ? text : null, json.ValueKind == JsonValueKind.String ? json.GetString() : null);
        if (kind != FieldKind.Text) Assert.Equal(text, json.GetRawText());
    }

    [Theory]
    [InlineData(0x81, "6100000062000000000063000000", "a|b||c")]
    [InlineData(0x81, "61000000", "a")]
    [InlineData(0x81, "6100", "a")]
    [InlineData(0x81, "610000006200", "a|b")]
    [InlineData(0x82, "6100E900", "a|\u00e9")]
    [InlineData(0x83, "FF01", "-1|1")]
    [InlineData(0x84, "FF01", "255|1")]
    [InlineData(0x85, "FFFF0100", "-1|1")]
    [InlineData(0x86, "FFFF0100", "65535|1")]
    [InlineData(0x87, "FFFFFFFF01000000", "-1|1")]
    [InlineData(0x88, "FFFFFFFF01000000", "4294967295|1")]
    [InlineData(0x89, "FFFFFFFFFFFFFFFF0100000000000000", "-1|1")]
    [InlineData(0x8A, "FFFFFFFFFFFFFFFF0100000000000000", "18446744073709551615|1")]
    [InlineData(0x8B, "0000C03F0000803F", "1.5|1")]
    [InlineData(0x8C, "000000000000F83F000000000000F03F", "1.5|1")]
    [InlineData(0x8D, "0100000000000000", "true|false")]
    [InlineData(0x8F, "2596845478549449A5BA3E3B0328C30D2596845478549449A5BA3E3B0328C30E", "54849625-5478-4994-A5BA-3E3B0328C30D|54849625-5478-4994-A5BA-3E3B0328C30E")]
    [InlineData(0x90, "01000000000000000200000000000000", "0x1|0x2")]
    [InlineData(0x90, "010000000200000003000000", "0x1|0x2|0x3")]
    [InlineData(0x91, "00000000000000000000000000000000", "1601-01-01T00:00:00.000000Z|1601-01-01T00:00:00.000000Z")]
    [InlineData(0x92, "E2070C0001001F0017003B003A000700E3070C0001001F0017003B003A000700", "2018-12-31T23:59:58.007000Z|2019-12-31T23:59:58.007000Z")]
    [InlineData(0x93, "0101000000000005120000000101000000000005130000000102", "S-1-5-18|S-1-5-19|0102")]
    [InlineData(0x94, "0100000002000000", "0x1|0x2")]
    [InlineData(0x95, "01000000000000000200000000000000", "0x1|0x2")]
    [InlineData(0x87, "FFFFFFFF01", "-1|1")]
    public void Each_value_of_an_array_is_a_value_of_the_field_and_an_element_of_its_own(int type, string hex, string values)
    {
        var told = Assert.Single(Read((EvtxType)type, Convert.FromHexString(hex)).Events);
        var expected = values.Split('|');
        Assert.Equal(expected, told.All(Name));
        for (var i = 0; i < expected.Length; i++)
        {
            var json = told.At("Event", "EventData", i == 0 ? Name : $"{Name}_{i}");
            Assert.Equal(expected[i], json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText());
        }
    }

    [Fact]
    public void What_System_says_has_the_names_that_rules_know()
    {
        var file = EvtxFile.Read(EvtxMaker.File(One(maker => maker.Event("A-Provider", "A/Channel", 4688, ("X", EvtxType.Text, EvtxMaker.Utf16("y"))))));
        var told = Assert.Single(file.Events);
        Assert.Equal((FieldKind.Number, "4688"), told.Field("EventID"));
        Assert.Equal((FieldKind.Text, "A/Channel"), told.Field("Channel"));
        Assert.Equal((FieldKind.Text, "A-Provider"), told.Field("Provider_Name"));
        Assert.Equal((131_000_000_000_000_000UL - 116_444_736_000_000_000UL) * 100, told.TimeNs);
        Assert.Equal(1UL, told.Sequence);
        Assert.Equal(JsonValueKind.Null, told.At("Event", "System", "Security").ValueKind);
        Assert.Equal("http://schemas.microsoft.com/win/2004/08/events/event", told.At("Event", "#attributes", "xmlns").GetString());
    }

    [Fact]
    public void A_field_that_a_rule_names_by_its_whole_path_answers_to_both_names()
    {
        FieldTable.Intern("Event.EventData.EvtxWhole");
        FieldTable.Intern("EvtxWhole");
        FieldTable.Intern("Event.System.Provider.#attributes.Name");
        var told = Assert.Single(EvtxFile.Read(EvtxMaker.File(One(maker => maker.Event(("EvtxWhole", EvtxType.UInt8, [3]))))).Events);
        Assert.Equal((FieldKind.Number, "3"), told.Field("EvtxWhole"));
        Assert.Equal((FieldKind.Number, "3"), told.Field("Event.EventData.EvtxWhole"));
        Assert.Equal((FieldKind.Text, "Picket-Test"), told.Field("Event.System.Provider.#attributes.Name"));
    }

    [Fact]
    public void Text_entities_characters_and_instructions_join_to_one_value()
    {
        FieldTable.Intern("EvtxJoined");
        var told = Assert.Single(Plain(maker => maker.OpenPlain("Event").CloseStart().OpenPlain("EventData").CloseStart()
            .OpenPlain("EvtxJoined").CloseStart().Text("a").Entity("lt").Entity("gt").Entity("amp").Entity("quot").Entity("apos")
            .Instruction("target", "data").Character('b').CharacterData("<c>").End().End().End()).Events);
        Assert.Equal((FieldKind.Text, "a<>&\"'b<c>"), told.Field("EvtxJoined"));
        Assert.Equal("""{"Event":{"EventData":{"EvtxJoined":"a<>&\"'b<c>"}}}""", told.Json);
    }

    [Fact]
    public void User_data_is_told_without_the_name_of_its_element_and_a_name_that_comes_again_has_several_values()
    {
        foreach (var name in (string[])["EvtxUser", "EvtxUser_kind", "EvtxDeep.Inner"]) FieldTable.Intern(name);
        var told = Assert.Single(Plain(maker => maker.OpenPlain("Event").CloseStart().OpenPlain("UserData").CloseStart().OpenPlain("AnEvent").CloseStart()
            .OpenPlain("EvtxUser", "kind").Text("k").CloseStart().Text("one").End()
            .OpenPlain("EvtxUser").CloseStart().Text("two").End()
            .OpenPlain("EvtxUser").CloseEmpty()
            .OpenPlain("EvtxDeep").CloseStart().OpenPlain("Inner").CloseStart().Text("d").End().End()
            .End().End().End()).Events);
        Assert.Equal(["one", "two", ""], told.All("EvtxUser"));
        Assert.Equal((FieldKind.Text, "k"), told.Field("EvtxUser_kind"));
        Assert.Equal((FieldKind.Text, "d"), told.Field("EvtxDeep.Inner"));
        Assert.Equal("""{"Event":{"UserData":{"AnEvent":{"EvtxUser":{"#attributes":{"kind":"k"},"#text":"one"},"EvtxUser_1":"two","EvtxUser_2":null,"EvtxDeep":{"Inner":"d"}}}}}""", told.Json);
    }

    [Fact]
    public void Data_without_a_name_is_called_Data_and_one_may_have_its_name_as_a_value()
    {
        foreach (var name in (string[])["EvtxNamedByValue", "Data"]) FieldTable.Intern(name);
        var told = Assert.Single(Plain(maker =>
        {
            maker.Instance("t", made => made.Open("Event").CloseStart().Open("EventData").CloseStart()
                    .Open("Data", "Name").Value(0, EvtxType.Text).CloseStart().Value(1, EvtxType.UInt8).End()
                    .Open("Data").CloseStart().Value(2, EvtxType.Text | EvtxType.Array).End().End().End().EndOfFile(),
                (EvtxType.Text, EvtxMaker.Utf16("EvtxNamedByValue")), (EvtxType.UInt8, [5]), (EvtxType.Text | EvtxType.Array, EvtxMaker.Utf16("a\0\0b\0")));
        }).Events);
        Assert.Equal((FieldKind.Number, "5"), told.Field("EvtxNamedByValue"));
        Assert.Equal(["a", "", "b"], told.All("Data"));
        Assert.Equal("""{"Event":{"EventData":{"EvtxNamedByValue":5,"Data":{"#text":["a","","b"]}}}}""", told.Json);
    }

    [Fact]
    public void An_array_beside_text_is_its_values_with_commas_and_empty_ones_of_an_element_with_attributes_are_left_out()
    {
        foreach (var name in (string[])["EvtxJoinedArray", "EvtxKinds", "EvtxKinds_kind"]) FieldTable.Intern(name);
        var told = Assert.Single(Plain(maker => maker.Instance("t", made => made.Open("Event").CloseStart().Open("UserData").CloseStart().Open("E").CloseStart()
                .Open("EvtxJoinedArray").CloseStart().Text("x").Value(0, EvtxType.Text | EvtxType.Array).End()
                .Open("EvtxKinds", "kind").Text("k").CloseStart().Value(1, EvtxType.Text | EvtxType.Array).End().End().End().End().EndOfFile(),
            (EvtxType.Text | EvtxType.Array, EvtxMaker.Utf16("a\0b\0")), (EvtxType.Text | EvtxType.Array, EvtxMaker.Utf16("a\0\0b\0")))).Events);
        Assert.Equal((FieldKind.Text, "xa,b"), told.Field("EvtxJoinedArray"));
        Assert.Equal(["a", "b"], told.All("EvtxKinds"));
        Assert.Equal("xa,b", told.At("Event", "UserData", "E", "EvtxJoinedArray").GetString());
    }

    [Fact]
    public void A_definition_whose_elements_lack_their_number_is_read_all_the_same()
    {
        FieldTable.Intern("EvtxShort");
        var told = Assert.Single(Plain(maker => maker.Instance("t", made => made.OpenPlain("Event").CloseStart().OpenPlain("EventData").CloseStart()
            .OpenPlain("Data", "Name").Text("EvtxShort").CloseStart().Value(0, EvtxType.UInt8).End().End().End().EndOfFile(), (EvtxType.UInt8, [7]))).Events);
        Assert.Equal((FieldKind.Number, "7"), told.Field("EvtxShort"));
    }

    [Fact]
    public void A_value_may_hold_one_fragment_behind_another()
    {
        foreach (var name in (string[])["EvtxFragmentOne", "EvtxFragmentTwo"]) FieldTable.Intern(name);
        var told = Assert.Single(Plain(maker =>
        {
            maker.Bytes(0x0C, 1, 9, 9, 9, 9).Int32(maker.Position + 4);
            maker.Definition(outer => outer.Open("Event").CloseStart().Open("EventData").CloseStart().Value(0, EvtxType.BinXml).End().End().EndOfFile());
            var inner = new EvtxMaker();
            inner.Bytes(new byte[maker.Position + 4 + 4 - inner.Position]);
            var start = inner.Position;
            foreach (var name in (string[])["EvtxFragmentOne", "EvtxFragmentTwo"])
                inner.Fragment().OpenPlain("Data", "Name").Text(name).CloseStart().Text(name[12..]).End().EndOfFile();
            maker.Values((EvtxType.BinXml, inner.Written[start..]));
        }).Events);
        Assert.Equal((FieldKind.Text, "One"), told.Field("EvtxFragmentOne"));
        Assert.Equal((FieldKind.Text, "Two"), told.Field("EvtxFragmentTwo"));
    }

    [Fact]
    public void Blanks_between_elements_are_nothing_and_other_text_there_is_a_value()
    {
        foreach (var name in (string[])["Event", "EvtxMixed"]) FieldTable.Intern(name);
        var told = Assert.Single(Plain(maker => maker.OpenPlain("Event").CloseStart().Text("\r\n  ").OpenPlain("UserData").CloseStart().OpenPlain("E").CloseStart()
            .OpenPlain("EvtxMixed").CloseStart().Text(" \t").OpenPlain("A").CloseEmpty().Text("said").End().End().End().Text(" ").End()).Events);
        Assert.Empty(told.All("Event"));
        Assert.Equal(["said"], told.All("EvtxMixed"));
    }

    [Fact]
    public void Data_whose_name_is_an_empty_value_is_called_Data()
    {
        FieldTable.Intern("Data");
        var told = Assert.Single(Plain(maker => maker.Instance("t", made => made.Open("Event").CloseStart().Open("EventData").CloseStart()
            .Open("Data", "Name").Value(0, EvtxType.Text).CloseStart().Value(1, EvtxType.UInt8).End().End().End().EndOfFile(), (EvtxType.Text, []), (EvtxType.UInt8, [5]))).Events);
        Assert.Equal(["5"], told.All("Data"));
        Assert.Equal("""{"Event":{"EventData":{"Data":{"#text":5}}}}""", told.Json);
    }

    [Fact]
    public void Times_before_1970_are_none()
    {
        Assert.Equal(0UL, ValueText.UnixNs(0));
        Assert.Equal(0UL, ValueText.UnixNs(116_444_736_000_000_000));
        Assert.Equal(100UL, ValueText.UnixNs(116_444_736_000_000_001));
    }

    [Fact]
    public void XML_within_a_value_stands_in_its_place_whether_a_template_or_an_element()
    {
        foreach (var name in (string[])["EvtxInner", "EvtxPlain"]) FieldTable.Intern(name);
        var file = Plain(maker =>
        {
            // The inner template's definition lies in a value, whose place is known once those before it are.
            maker.Bytes(0x0C, 1, 9, 9, 9, 9).Int32(maker.Position + 4);
            maker.Definition(outer => outer.Open("Event").CloseStart().Open("EventData").CloseStart().Value(0, EvtxType.BinXml).End().Value(1, EvtxType.BinXml).End().EndOfFile());
            var values = maker.Position + 4 + 8;
            var first = Inner(values, made => made.Fragment().Instance("i", data => data.Open("Data", "Name").Text("EvtxInner").CloseStart().Value(0, EvtxType.UInt8).End().EndOfFile(), (EvtxType.UInt8, [9])).EndOfFile());
            var second = Inner(values + first.Length, made => made.OpenPlain("UserData").CloseStart().OpenPlain("E").CloseStart().OpenPlain("EvtxPlain").CloseStart().Text("p").End().End().End().EndOfFile());
            maker.Values((EvtxType.BinXml, first), (EvtxType.BinXml, second));
        });
        var told = Assert.Single(file.Events);
        Assert.Equal((FieldKind.Number, "9"), told.Field("EvtxInner"));
        Assert.Equal((FieldKind.Text, "p"), told.Field("EvtxPlain"));
        Assert.Equal("""{"Event":{"EventData":{"EvtxInner":9},"UserData":{"E":{"EvtxPlain":"p"}}}}""", told.Json);

        static byte[] Inner(int start, Action<EvtxMaker> xml)
        {
            var maker = new EvtxMaker();
            maker.Bytes(new byte[start - maker.Position]);
            xml(maker);
            return maker.Written[start..];
        }
    }

    [Fact]
    public void A_record_without_its_own_time_happened_when_it_was_written()
    {
        var told = Assert.Single(Plain(maker => maker.OpenPlain("Event").CloseStart().Text("x").End()).Events);
        Assert.Equal((131_000_000_000_000_000UL - 116_444_736_000_000_000UL) * 100, told.TimeNs);
        Assert.Equal("""{"Event":"x"}""", told.Json);
    }

    private static byte[] One(Action<EvtxMaker> fill)
    {
        var maker = new EvtxMaker();
        fill(maker);
        return maker.Chunk();
    }

    private static EvtxFile Read(EvtxType type, byte[] value)
    {
        var file = EvtxFile.Read(EvtxMaker.File(One(maker => maker.Event((Name, type, value)))));
        Assert.Empty(file.Damage);
        return file;
    }

    private static EvtxFile Plain(Action<EvtxMaker> xml)
    {
        var file = EvtxFile.Read(EvtxMaker.File(One(maker => maker.Record(made =>
        {
            made.Fragment();
            xml(made);
            made.EndOfFile();
        }))));
        Assert.Empty(file.Damage);
        return file;
    }
}
