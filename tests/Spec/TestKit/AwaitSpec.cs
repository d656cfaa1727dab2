using Picket.Actors.TestKit;

namespace Picket.Spec.TestKit;

public sealed class AwaitSpec : KitSpec
{
    [Fact]
    public async Task A_condition_is_asked_until_it_holds()
    {
        var asked = 0;
        AwaitCondition(() => ++asked == 4);
        Assert.Equal(4, asked);
        Assert.True(AwaitConditionNoThrow(() => ++asked == 6, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(1)));
        await AwaitConditionAsync(() => Task.FromResult(++asked == 8));
        Assert.Equal(8, asked);
    }

    [Fact]
    public void A_condition_that_never_holds_fails()
    {
        Says(Failure(() => AwaitCondition(() => false, Soon, "the moon")), "(the moon)", $"within {Soon}");
        Assert.False(AwaitConditionNoThrow(() => false, Soon));
    }

    [Fact]
    public void A_condition_that_holds_at_the_very_end_holds()
    {
        var asked = 0;
        AwaitCondition(() => ++asked == 2, Soon, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_assertion_is_repeated_until_it_holds_and_its_last_failure_is_told()
    {
        var tries = 0;
        AwaitAssert(() => Assert.Equal(3, ++tries));
        await AwaitAssertAsync(() => Assert.Equal(5, ++tries));
        await AwaitAssertAsync(() =>
        {
            Assert.Equal(7, ++tries);
            return Task.CompletedTask;
        });
        var failed = Assert.Throws<ExpectationFailedException>(() => AwaitAssert(() => throw new InvalidOperationException("no"), Soon));
        Says(failed.Message, $"within {Soon}", "at last: no");
        Assert.IsType<InvalidOperationException>(failed.InnerException);
    }
}
