namespace PhotoMl.Quality;

/// <summary>A photo on a contact sheet.</summary>
/// <param name="Photo">Its index in the report.</param>
/// <param name="Label">What is written below it: its number on the sheet, from 1, and why it is there.</param>
/// <param name="Reason">Why it is there, in a few words.</param>
public sealed record PhotoSheetTile(int Photo, string Label, string Reason);
