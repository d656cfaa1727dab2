using System.Text.Json.Serialization;
using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Serialization;

namespace Picket.Spec.Persistence;

public sealed partial class EventSerializersTests
{
    public static TheoryData<object, string, string> BuiltIn => new()
    {
        { "aä", "string", "61C3A4" },
        { new byte[] { 1, 255 }, "bytes", "01FF" },
        { true, "bool", "01" },
        { -2, "int", "FEFFFFFF" },
        { 258L, "long", "0201000000000000" },
        { 1.5, "double", "000000000000F83F" },
        { Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), "guid", "33221100554477668899AABBCCDDEEFF" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-90)), "time", "8000B796AB49DE08A6FF" },
    };

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void The_built_in_forms_are_frozen(object value, string manifest, string bytes)
    {
        var written = EventSerializers.Default.Write(value);
        Assert.Equal((manifest, bytes), (written.Manifest, Convert.ToHexString(written.Bytes)));
        Assert.Equal(value, EventSerializers.Default.Read(manifest, written.Bytes));
    }

    [Theory]
    [InlineData("int", "00")]
    [InlineData("time", "")]
    [InlineData("string", "FF")]
    [InlineData("guid", "0011")]
    public void Bytes_that_do_not_fit_are_refused(string manifest, string bytes) =>
        Assert.Throws<EventSerializationException>(() => EventSerializers.Default.Read(manifest, Convert.FromHexString(bytes)));

    [Fact]
    public void A_type_is_added_under_a_manifest_and_the_original_stays_as_it_is()
    {
        var serializers = EventSerializers.Default.Add<Version>("version", v => [(byte)v.Major, (byte)v.Minor], b => new Version(b.Span[0], b.Span[1]));
        var written = serializers.Write(new Version(1, 2));
        Assert.Equal("version", written.Manifest);
        Assert.Equal(new Version(1, 2), serializers.Read("version", written.Bytes));
        Assert.Throws<EventSerializationException>(() => EventSerializers.Default.Write(new Version(1, 2)));
        Assert.Throws<ArgumentException>(() => serializers.Add<Uri>("version", _ => [], _ => null!));
        Assert.Throws<ArgumentException>(() => serializers.Add<Version>("version 2", _ => [], _ => null!));
        Assert.Throws<ArgumentException>(() => serializers.AddReader(" ", _ => ""));
    }

    [Fact]
    public void Json_by_generated_code_knows_declared_derived_types()
    {
        var serializers = EventSerializers.Default.AddJson("moved", Json.Default.Moved).AddJson("shape", Json.Default.Shape);
        Assert.Equal(new Moved(1, "x"), Again(serializers, new Moved(1, "x")));
        Assert.Equal(new Circle(3), Again(serializers, new Circle(3)));
        Assert.Equal("shape", serializers.Write(new Circle(3)).Manifest);
        Assert.Throws<EventSerializationException>(() => serializers.Read("moved", "null"u8.ToArray()));
        Assert.Throws<EventSerializationException>(() => serializers.Read("moved", "{"u8.ToArray()));
    }

    [Fact]
    public void A_derived_type_is_not_cut_down_to_a_known_one()
    {
        var serializers = EventSerializers.Default.AddJson("moved", Json.Default.Open);
        var refused = Assert.Throws<EventSerializationException>(() => serializers.Write(new OpenDerived(1, 2)));
        Assert.Contains(nameof(OpenDerived), refused.Message, StringComparison.Ordinal);
        Assert.Contains("AddJson", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_form_can_still_be_read()
    {
        var serializers = EventSerializers.Default.AddJson("moved 2", Json.Default.Moved).AddReader("moved", bytes => new Moved(bytes.Span[0], "old"));
        Assert.Equal(new Moved(7, "old"), serializers.Read("moved", new byte[] { 7 }));
        Assert.Equal("moved 2", serializers.Write(new Moved(7, "new")).Manifest);
    }

    [Fact]
    public void What_is_not_known_is_named()
    {
        Assert.Contains(typeof(Moved).ToString(), Assert.Throws<EventSerializationException>(() => EventSerializers.Default.Write(new Moved(1, ""))).Message, StringComparison.Ordinal);
        Assert.Contains("[moved]", Assert.Throws<EventSerializationException>(() => EventSerializers.Default.Read("moved", default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_deliveries_is_written_with_its_messages()
    {
        var serializers = EventSerializers.Default.AddJson("moved", Json.Default.Moved).AddDeliverySnapshot();
        var path = ActorPath.Parse("akka://name/user/a/b");
        var snapshot = new AtLeastOnceDeliverySnapshot(9, [new UnconfirmedDelivery(3, path, new Moved(1, "x")), new UnconfirmedDelivery(9, path, "text")]);
        Assert.Equal(snapshot, Again(serializers, snapshot));
        var bytes = serializers.Write(snapshot).Bytes;
        Assert.Throws<EventSerializationException>(() => serializers.Read("at-least-once-delivery", bytes.AsMemory(0, bytes.Length - 1)));
        Assert.Throws<EventSerializationException>(() => EventSerializers.Default.AddDeliverySnapshot().Write(snapshot));
    }

    [Fact]
    public void By_reflection_only_accepted_types_are_written_and_made()
    {
        var all = EventSerializers.Default.WithReflectionJson();
        Assert.Equal(new Moved(1, "x"), Again(all, new Moved(1, "x")));
        Assert.Equal("string", all.Write("x").Manifest);
        var some = EventSerializers.Default.WithReflectionJson(type => type == typeof(Circle));
        Assert.Throws<EventSerializationException>(() => some.Write(new Moved(1, "x")));
        var moved = all.Write(new Moved(1, "x"));
        Assert.Throws<EventSerializationException>(() => some.Read(moved.Manifest, moved.Bytes));
    }

    private static object Again(EventSerializers serializers, object value)
    {
        var written = serializers.Write(value);
        return serializers.Read(written.Manifest, written.Bytes);
    }

    internal sealed record Moved(int Amount, string Why);

    [JsonDerivedType(typeof(Circle), "circle")]
    internal abstract record Shape;

    internal sealed record Circle(int Radius) : Shape;

    internal record Open(int A);

    internal sealed record OpenDerived(int A, int B) : Open(A);

    [JsonSerializable(typeof(Moved))]
    [JsonSerializable(typeof(Shape))]
    [JsonSerializable(typeof(Open))]
    internal sealed partial class Json : JsonSerializerContext;
}
