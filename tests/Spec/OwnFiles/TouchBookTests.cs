using Picket.Sensors.OwnFiles;

namespace Picket.Spec.OwnFiles;

public sealed class TouchBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private readonly TouchBook _book = new(TimeSpan.FromMinutes(1), 3);

    [Fact]
    public void What_a_process_does_to_a_file_is_said_once_a_minute_and_the_rest_is_counted()
    {
        Assert.True(Add("/a", FileActs.Written, 1, 0));
        Assert.False(Add("/a", FileActs.Written, 1, 1));
        Assert.True(Add("/a", FileActs.Written | FileActs.Deleted, 1, 2));
        Assert.False(Add("/a", FileActs.Deleted, 1, 3));
        Assert.True(Add("/a", FileActs.Written, 2, 4));
        Assert.Empty(_book.Settle(Start.AddSeconds(59)));
        var unsaid = Assert.Single(_book.Settle(Start.AddSeconds(60)));
        Assert.Equal((FileArea.Data, 2L, Start, Start.AddSeconds(60)), (unsaid.Area, unsaid.Changes, unsaid.From, unsaid.To));
        Assert.Equal((FileActs.Deleted, 1), (unsaid.Last.Acts, unsaid.Last.Pid));
        Assert.True(Add("/a", FileActs.Written, 1, 61));
    }

    [Fact]
    public void A_storm_on_many_files_says_a_few_and_counts_the_others_and_another_area_is_not_silenced_by_it()
    {
        Assert.Equal(3, Enumerable.Range(0, 1000).Count(i => Add($"/{i}", FileActs.Created, i, 0)));
        Assert.True(_book.Add(new FileTouch("/p", FileArea.Program, FileActs.Written, 7), Start));
        var unsaid = Assert.Single(_book.Settle(Start.AddSeconds(1), all: true));
        Assert.Equal((997L, "/999"), (unsaid.Changes, unsaid.Last.Path));
        Assert.Empty(_book.Settle(Start.AddMinutes(5), all: true));
    }

    private bool Add(string path, FileActs acts, int pid, int seconds) =>
        _book.Add(new FileTouch(path, FileArea.Data, acts, pid), Start.AddSeconds(seconds));
}
