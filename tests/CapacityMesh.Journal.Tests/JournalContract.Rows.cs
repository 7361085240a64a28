using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

public abstract partial class JournalContract
{
    [StoreFact]
    public async Task A_request_is_opened_once_and_keeps_its_first_answer()
    {
        Assert.Null(await Journal.RequestAsync(Workspace, "k", default));
        await Journal.CommitAsync(b => b.Requests.Add(Open("k")));
        Assert.Equal(new StoredRequest("hash", null, Noon), await Journal.RequestAsync(Workspace, "k", default));
        Assert.Equal([(Workspace, "k")], (await Journal.ConflictAsync(b => b.Requests.Add(Open("k")))).Requests);

        await Journal.CommitAsync(b => b.Requests.Add(Reply("k", "done")));
        await Journal.CommitAsync(b => b.Requests.Add(Reply("k", "done again")));
        var answered = await Journal.RequestAsync(Workspace, "k", default);
        Assert.Equal(("hash", "done", Noon), (answered!.Value.BodyHash, Text(answered.Value.Reply!.Value), answered.Value.At));
        Assert.Equal([(Workspace, "k")], (await Journal.ConflictAsync(b => b.Requests.Add(Open("k", "done")))).Requests);
    }

    [StoreFact]
    public async Task A_request_opened_and_answered_in_one_batch_is_answered()
    {
        await Journal.CommitAsync(b => b.Requests.AddRange([Open("POST /v1/leads ä", "done"), Open("empty", ""), Reply("nobody opened it", "x")]));
        Assert.Equal("done", Text((await Journal.RequestAsync(Workspace, "POST /v1/leads ä", default))!.Value.Reply!.Value));
        Assert.Equal(0, (await Journal.RequestAsync(Workspace, "empty", default))!.Value.Reply!.Value.Length);
        Assert.Null(await Journal.RequestAsync(Workspace, "nobody opened it", default));
        Assert.Null(await Journal.RequestAsync("other", "empty", default));
    }

    [StoreFact]
    public async Task An_identity_belongs_to_one_contact_until_it_is_dropped()
    {
        await Journal.CommitAsync(b => b.Claims.AddRange([Claim("mail", "anna"), Claim("phone", "anna"), Claim("other", "bert")]));
        await Journal.CommitAsync(b => b.Claims.Add(Claim("mail", "anna")));
        Assert.Equal([Claim("mail", "bert")], (await Journal.ConflictAsync(b => b.Claims.Add(Claim("mail", "bert")))).Claims);
        Assert.Equal("anna", await Journal.IdentityAsync(Workspace, "mail", default));
        Assert.Null(await Journal.IdentityAsync("elsewhere", "mail", default));

        await Journal.CommitAsync(b => b.ClaimsDropped.AddRange([(Workspace, "anna"), (Workspace, "nobody")]));
        Assert.Null(await Journal.IdentityAsync(Workspace, "mail", default));
        Assert.Null(await Journal.IdentityAsync(Workspace, "phone", default));
        Assert.Equal("bert", await Journal.IdentityAsync(Workspace, "other", default));
        await Journal.CommitAsync(b => b.Claims.Add(Claim("mail", "bert")));
    }

    [StoreFact]
    public async Task Within_a_batch_the_first_claim_wins_what_is_dropped_is_free_and_the_dropped_hold_nothing_after_it()
    {
        Assert.Equal([Claim("mail", "bert")], (await Journal.ConflictAsync(b => b.Claims.AddRange([Claim("mail", "anna"), Claim("mail", "bert")]))).Claims);
        Assert.Null(await Journal.IdentityAsync(Workspace, "mail", default));

        await Journal.CommitAsync(b => b.Claims.Add(Claim("mail", "anna")));
        await Journal.CommitAsync(b =>
        {
            b.ClaimsDropped.Add((Workspace, "anna"));
            b.Claims.AddRange([Claim("mail", "bert"), Claim("phone", "anna")]);
        });
        Assert.Equal("bert", await Journal.IdentityAsync(Workspace, "mail", default));
        Assert.Null(await Journal.IdentityAsync(Workspace, "phone", default));
    }

    [StoreFact]
    public async Task Rows_are_put_replaced_and_deleted_by_item_or_by_key()
    {
        await Journal.CommitAsync(b => b.Rows.AddRange([Put("c1", "profile", "p1"), Put("c1", "lead:1", "m1"), Put("c2", "profile", "p2"), Put("c3", "", "whole")]));
        await Journal.Rows.ApplyAsync([Put("c1", "profile", "p1b"), Delete("c1", "lead:1"), Delete("c1", "lead:9"), Delete("nobody")], default);

        Assert.Equal("p1b", Text((await Journal.Rows.GetAsync(new RowKey(Workspace, RowTables.Vault, "c1", "profile"), default))!.Value));
        Assert.Null(await Journal.Rows.GetAsync(new RowKey(Workspace, RowTables.Vault, "c1", "lead:1"), default));
        Assert.Null(await Journal.Rows.GetAsync(new RowKey(Workspace, RowTables.Vault, "c1"), default));
        Assert.Null(await Journal.Rows.GetAsync(new RowKey("other", RowTables.Vault, "c3"), default));
        Assert.Equal("whole", Text((await Journal.Rows.GetAsync(new RowKey(Workspace, RowTables.Vault, "c3"), default))!.Value));

        await Journal.CommitAsync(b => b.Rows.AddRange([Put("c2", "lead:2", "gone too"), Delete("c2"), Put("c2", "again", "x")]));
        Assert.Equal(["again"], (await Journal.Rows.ListAsync(Workspace, RowTables.Vault, "c2", null, 10, default)).Select(r => r.Key.Item));
        await Journal.Rows.ApplyAsync([], default);
    }

    [StoreFact]
    public async Task A_row_that_several_make_at_one_instant_is_the_first_ones_for_all()
    {
        var key = new RowKey(Workspace, RowTables.Secrets, "made");
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            await Journal.Rows.AddAsync(key, System.Text.Encoding.UTF8.GetBytes($"\"{i}\""), default);
            return Text((await Journal.Rows.GetAsync(key, default))!.Value);
        })));
        Assert.Single(made.Distinct());
        Assert.Equal(made[0], Text((await Journal.Rows.GetAsync(key, default))!.Value));
    }

    [StoreFact]
    public async Task Rows_are_listed_in_order_by_pages()
    {
        (string Key, string Item)[] rows = [("a", ""), ("a", "1"), ("a", "10"), ("a", "2"), ("a-b", "x"), ("b", "ä"), ("b", "😀")];
        await Journal.Rows.ApplyAsync([.. rows.Reverse().Select(r => Put(r.Key, r.Item, r.Key + r.Item, "documents")), Put("a", "", "other table", "keys")], default);

        var found = new List<StoredRow>();
        RowKey? after = null;
        while (await Journal.Rows.ListAsync(Workspace, "documents", null, after, 2, default) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 2);
            found.AddRange(page);
            after = page[^1].Key;
        }
        Assert.Equal(rows, found.Select(r => (r.Key.Key, r.Key.Item)));
        Assert.All(found, r => Assert.Equal(r.Key.Key + r.Key.Item, Text(r.Value)));

        var ofKey = await Journal.Rows.ListAsync(Workspace, "documents", "a", new RowKey(Workspace, "documents", "a", "1"), 10, default);
        Assert.Equal(["10", "2"], ofKey.Select(r => r.Key.Item));
        Assert.Equal(4, (await Journal.Rows.ListAsync(Workspace, "documents", "a", new RowKey(Workspace, "documents", "A", "z"), 10, default)).Count);
        Assert.Empty(await Journal.Rows.ListAsync(Workspace, "documents", "a", new RowKey(Workspace, "documents", "b", ""), 10, default));
        Assert.Empty(await Journal.Rows.ListAsync(Workspace, "nothing", null, null, 10, default));
    }

    [StoreFact]
    public async Task A_row_holds_a_value_at_its_limit()
    {
        var value = new byte[IRowStore.ValueBytesMax];
        Array.Fill(value, (byte)'x');
        await Journal.Rows.ApplyAsync([new RowChange(new RowKey(Workspace, RowTables.Documents, "big"), value), Put("empty", "", "", RowTables.Documents)], default);
        Assert.True((await Journal.Rows.GetAsync(new RowKey(Workspace, RowTables.Documents, "big"), default))!.Value.Span.SequenceEqual(value));
        Assert.Equal(0, (await Journal.Rows.GetAsync(new RowKey(Workspace, RowTables.Documents, "empty"), default))!.Value.Length);
        await Assert.ThrowsAsync<Core.Kernel.InvariantBrokenException>(async () =>
            await Journal.Rows.ApplyAsync([new RowChange(new RowKey(Workspace, RowTables.Documents, "big"), new byte[value.Length + 1])], default));
    }

    [StoreFact]
    public async Task Leads_are_listed_newest_first_by_each_filter()
    {
        await Journal.CommitAsync(b => b.Leads.AddRange([
            Row("01"), Row("02", state: "working", person: "ida"), Row("03", pool: null, campaign: "autumn"), Row("05", state: "closed", person: "ida", closed: true),
            Row("04", state: "working", person: "tom", campaign: "autumn"), Row("99") with { Workspace = "other" }]));

        async Task<string> List(LeadQuery query) => string.Join(' ', (await Journal.LeadsAsync(query, default)).Select(l => l.LeadId));
        Assert.Equal("05 04 03 02 01", await List(new LeadQuery(Workspace)));
        Assert.Equal("04 02", await List(new LeadQuery(Workspace, State: "working")));
        Assert.Equal("05 04 02 01", await List(new LeadQuery(Workspace, Pool: "sales")));
        Assert.Equal("04 03", await List(new LeadQuery(Workspace, Campaign: "autumn")));
        Assert.Equal("02", await List(new LeadQuery(Workspace, Person: "ida")));
        Assert.Equal("04", await List(new LeadQuery(Workspace, State: "working", Pool: "sales", Campaign: "autumn", Person: "tom", BeforeLeadId: "05")));
        Assert.Equal("03 02", await List(new LeadQuery(Workspace, BeforeLeadId: "04", Limit: 2)));
        Assert.Equal("02", await List(new LeadQuery(Workspace, State: "working", BeforeLeadId: "04")));
        Assert.Equal("", await List(new LeadQuery("nobody")));
    }

    [StoreFact]
    public async Task A_lead_row_replaces_the_stored_one_in_every_column()
    {
        await Journal.CommitAsync(b => b.Leads.Add(Row("01", person: "ida")));
        LeadRow[] versions =
        [
            Row("01", state: "closed", person: "ida", closed: true),
            Row("01", state: "held", pool: "onboarding", person: null) with { Slot = "s1", Stage = null },
            Row("01", campaign: "autumn", pool: null) with { Contact = "merged", CapturedAt = Noon.AddTicks(1), ChangedAt = Noon.AddTicks(7), PromiseBroken = true },
            Row("01"),
        ];
        foreach (var version in versions)
        {
            await Journal.CommitAsync(b => b.Leads.Add(version));
            Assert.Equal([version], await Journal.LeadsAsync(new LeadQuery(Workspace, State: version.State, Pool: version.Pool, Campaign: version.Campaign), default));
        }
        Assert.Empty(await Journal.LeadsAsync(new LeadQuery(Workspace, Person: "ida"), default));
        Assert.Empty(await Journal.LeadsAsync(new LeadQuery(Workspace, Campaign: "autumn"), default));
        Assert.Empty(await Journal.LeadsAsync(new LeadQuery(Workspace, Pool: "onboarding"), default));
    }
}
