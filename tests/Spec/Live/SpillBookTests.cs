using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Context.Spill;
using Picket.Node.Self;
using Picket.Spec.Journal;

namespace Picket.Spec.Live;

public sealed class SpillBookTests
{
    private readonly ManualClock _clock = new();
    private readonly SpillBook _book;

    public SpillBookTests() => _book = new SpillBook(TimeSpan.FromMinutes(1), _clock);

    [Fact]
    public void The_first_turn_is_said_at_once_and_what_follows_within_a_minute_in_one_word()
    {
        Assert.NotNull(_book.Began(new SpillBegan(1)));
        Assert.Equal(5, _book.Ended(Ended(1, 5))!.Records);
        var from = _clock.GetUtcNow();
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(_book.Began(new SpillBegan(1)));
            Assert.Null(_book.Ended(Ended(1, 7, 1)));
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Empty(_book.Due());
        Assert.NotNull(_book.Began(new SpillBegan(0)));
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal([new SpillEnded(1, 700, from, 100, 100)], _book.Due());
        Assert.Empty(_book.Due());
    }

    [Fact]
    public void What_goes_on_for_longer_than_the_interval_is_said_while_it_does()
    {
        _book.Began(new SpillBegan(1));
        _book.Ended(Ended(1, 5));
        Assert.Null(_book.Began(new SpillBegan(1)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([new SpillBegan(1)], _book.Due());
        Assert.Empty(_book.Due());
        Assert.NotNull(_book.Ended(Ended(1, 9)));
    }

    [Fact]
    public void Whatever_happens_all_records_are_said_and_at_most_two_words_a_shard_and_minute()
    {
        Prop.ForAll<List<(bool, byte, byte)>>(steps =>
        {
            var clock = new ManualClock();
            var book = new SpillBook(TimeSpan.FromMinutes(1), clock);
            var open = new bool[3];
            var began = clock.GetUtcNow();
            var (given, said, words) = (0L, 0L, 0);
            foreach (var (ticks, number, seconds) in steps)
            {
                var shard = number % 3;
                if (ticks) Hear(book.Due());
                else if (open[shard] = !open[shard]) Hear(book.Began(new SpillBegan(shard)));
                else
                {
                    given += number;
                    Hear(book.Ended(new SpillEnded(shard, number, clock.GetUtcNow(), 0)));
                }

                clock.Advance(TimeSpan.FromSeconds(seconds % 20));
            }

            for (var shard = 0; shard < 3; shard++)
            {
                if (open[shard]) Hear(book.Ended(new SpillEnded(shard, 1, clock.GetUtcNow(), 0)));
                if (open[shard]) given++;
            }

            var minutes = (clock.GetUtcNow() - began).TotalMinutes;
            Assert.True(words <= 3 * 2 * (minutes + 1), $"{words} words in {minutes} minutes");
            clock.Advance(TimeSpan.FromMinutes(1));
            Hear(book.Due());
            Assert.Equal(given, said);

            void Hear(params IEnumerable<object?> what)
            {
                foreach (var word in what.Where(word => word is not null))
                {
                    words++;
                    if (word is SpillEnded ended) said += ended.Records;
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    private SpillEnded Ended(int shard, long records, long damaged = 0) => new(shard, records, _clock.GetUtcNow(), damaged);
}
