namespace CapacityMesh.Web.Routing;

// How a question looks on the wire, for the description; it is read strictly by Simulation's reader, which knows the path of every field.

/// <summary>A question.</summary>
internal sealed record WhatIfBody(int? Weeks, ulong? Seed, IReadOnlyList<ChangeBody>? Changes);

/// <summary>A change: exactly one of these.</summary>
internal sealed record ChangeBody(
    AddPeopleBody? AddPeople, AddSlotsBody? AddSlots, ScaleCampaignBody? ScaleCampaign, StageRateBody? PassRate, StageRateBody? Effort, StagePromiseBody? Promise, RiskBody? Risk, ScalePeopleBody? ScalePeople);

internal sealed record AddPeopleBody(string Pool, int? Count, decimal? WeeklyCapacity);

internal sealed record AddSlotsBody(string Pool, decimal PerMonth);

internal sealed record ScaleCampaignBody(string Campaign, decimal By);

internal sealed record StageRateBody(string Stage, decimal To);

internal sealed record StagePromiseBody(string Stage, TimeSpan To);

internal sealed record RiskBody(decimal To);

internal sealed record ScalePeopleBody(string Pool, decimal By);
