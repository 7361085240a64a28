using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;

namespace CapacityMesh.Journal.Tests;

public abstract partial class JournalContract
{
    [StoreTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20260301)]
    public async Task Generated_batches_do_to_a_journal_what_they_do_to_the_naive_model(int seed)
    {
        var model = new NaiveModel();
        var generator = new BatchGenerator((ulong)seed);
        var (committed, conflicted) = (0, 0);
        for (var step = 0; step < 400; step++)
        {
            if (generator.Next(20) == 0 && model.Waiting.Count > 0)
            {
                var id = model.Waiting[generator.Next(model.Waiting.Count)].Id;
                model.Park(id, $"step {step}");
                Assert.True(await Journal.ParkAsync(id, $"step {step}", default));
            }
            var batch = generator.Batch(model);
            var expected = model.Commit(batch);
            var result = await Journal.CommitAsync(batch, default);

            Assert.True(expected == NaiveModel.Lines(result), $"seed {seed}, step {step}: expected '{expected}', was '{NaiveModel.Lines(result)}'");
            if (result is CommitResult.Committed) committed++;
            else conflicted++;
            if (step % 20 == 0 || conflicted < 10) Assert.Equal(model.Image(), await StoreImage.OfAsync(Journal));
        }
        Assert.Equal(model.Image(), await StoreImage.OfAsync(Journal));
        // A run that only ever does one thing proves nothing.
        Assert.True(committed > 100 && conflicted > 10, $"{committed} committed, {conflicted} conflicted");
    }
}
