using CapacityMesh.Core.Execution;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: the rule says what its page says, no more: numbers with a unit, per unit. Method: promises and sentences, and the contradictions worked by hand.
public sealed class MessagePromiseTests
{
    private static string Of(string promise, string text) =>
        string.Join("; ", MessagePromise.Check(promise, text).Select(c => FormattableString.Invariant($"{c.Unit} {c.Said} for {string.Join(" or ", c.Promised)}")));

    [Theory]
    [InlineData("20 % off until Friday", "You get 10% off.", "percent 10 for 20")]
    [InlineData("20 % off until Friday", "As promised, 20 percent off.", "")]
    [InlineData("20 % off", "Your setup takes 3 days.", "")]
    [InlineData("Set up in 14 days", "We will be done in 3 weeks, not in 14 days.", "")]
    [InlineData("Set up in 14 days", "We will be done in 30 days.", "days 30 for 14")]
    [InlineData("A free audit", "The audit costs €490.", "EUR 490 for 0")]
    [InlineData("A free audit", "The audit is free.", "")]
    [InlineData("A free audit, then 49 € a month", "It is €49 a month.", "")]
    [InlineData("A free audit, then 49 € a month", "It is 59.50 EUR a month.", "EUR 59.50 for 49")]
    [InlineData("30-day trial or 60 days with a card", "Your 60 day trial begins.", "")]
    [InlineData("Kostenloses Audit in 7 Tagen; kostenlos", "Das Audit kostet 99 Euro und dauert 7 Tage.", "EUR 99 for 0")]
    [InlineData("A free audit", "Call me at 0176 5550123 or on 12.11.2026.", "")]
    [InlineData("", "10 % off", "")]
    public void What_a_text_says_otherwise(string promise, string text, string contradictions) => Assert.Equal(contradictions, Of(promise, text));

    [Fact]
    public void A_long_text_of_nothing_but_digits_ends_soon() => Assert.Empty(MessagePromise.Check("20 % off", string.Concat(Enumerable.Repeat("1,2.3 ", 20_000))));
}
