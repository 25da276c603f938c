using System.Text;

namespace PhotoMl.Tests.Data;

public sealed class PhotoCsvTests : FolderTests
{
    [Fact]
    public void A_list_gives_photos_in_its_order_with_classes_in_ordinal_order()
    {
        Touch("b.jpg", "in/a.jpg");
        var list = Open("in/a.jpg,dog\nb.jpg,cat\n");

        Assert.Equal(["cat", "dog"], list.ClassNames);
        Assert.Equal([Folder.File("in/a.jpg"), Folder.File("b.jpg")], list.Photos.Select(photo => photo.Path));
        Assert.Equal([1, 0], list.Photos.Select(photo => photo.Label));
        Assert.All(list.Photos, photo => Assert.Equal(DatasetSplits.None, photo.Split));
        Assert.Empty(list.Problems);
    }

    [Theory]
    [InlineData("path,label\na.jpg,cat")]
    [InlineData("\uFEFFpath,label,split\r\na.jpg,cat,\r\n")]
    [InlineData("Filename , Class\n\n\n\"a.jpg\", cat\n\n")]
    [InlineData("   \r\na.jpg,\"cat\"\r")]
    [InlineData("sep=;\r\nFile_Name;Target;\r\na.jpg;cat;\r\n;;\r\n")] // Excel
    [InlineData("\tImage Path\tclass_name\n0\ta.jpg\tcat\n")] // pandas
    [InlineData(",label,path\n0,cat,a.jpg\n")]
    [InlineData("Unnamed: 0,image_id,breed\n0,a,cat\n")] // Kaggle; the extension is found
    [InlineData("\"filename\" , \"category\"\n \"a.JPG\" , \"cat\" \n")]
    [InlineData("path,label,width\na.jpg,cat,20\npath,label,width\n")] // joined lists
    [InlineData("label|file\ncat|a.jpg")]
    [InlineData("fname,species\na.jpg,cat\n")]
    [InlineData("name,label\na,cat\n")]
    [InlineData(",uri,kind\n0,./a.jpg,cat\n")]
    [InlineData(",label\na.jpg,cat\n")] // pandas, the path being its index
    [InlineData("lesion_id,image_id,dx,dx_type,age,sex\nH1,a,cat,histo,80.0,male\n")] // HAM10000
    [InlineData("Image,Id\na.jpg,cat\n")]
    [InlineData("Id,url,Image Name,age,kind\n7,x/1,A.jpg,1.5,cat\n8,x/2,a.jpg,2,cat\n9,x/3,a,3,cat\n", 2)]
    [InlineData("path,class_id,class_name\na.jpg,0,cat\n")]
    [InlineData("a.jpg;cat")]
    public void Headers_marks_blank_lines_and_any_line_end_make_no_difference(string text, int copies = 0)
    {
        Touch("a.jpg");
        var list = Open(text);

        Assert.Equal(copies, list.Problems.Count);
        Assert.Equal(["cat"], list.ClassNames);
        Assert.Equal(Folder.File("a.jpg"), Assert.Single(list.Photos).Path);
    }

    [Fact]
    public void Splits_are_read_and_what_has_none_beside_them_is_for_training()
    {
        Touch("1", "2", "3", "4");
        var list = Open("1,a,val\n2,a,TEST\n3,a,train\n4,a\n");

        Assert.Equal(["Validation", "Test", "Train", "Train"], list.Photos.Select(photo => $"{photo.Split}"));
    }

    [Theory]
    [InlineData("phase", "train,dev,holdout,Train", "Train,Validation,Test,Train")]
    [InlineData("whatever", "Training,PublicTest,test,train", "Train,Validation,Test,Train")]
    [InlineData("is_valid", "False,True,False,True", "Train,Validation,Train,Validation")]
    [InlineData("is_train", "yes,no,no,yes", "Train,Test,Test,Train")]
    [InlineData("is_train;is_val;is_test", "1;0;0,0;1;0,0;0;1,1;0;0", "Train,Validation,Test,Train")]
    [InlineData("split", "train,,NaN,test", "Train,Train,Train,Test", "2 of 4 listed photos have no split, and are for training.")]
    [InlineData("fold", "0,1,2,1", "None,None,None,None", "The column \"fold\" of the list is not used: its values, such as 0, are not "
        + "train, validation and test.")]
    [InlineData("valid", "1,1,0,0", "None,None,None,None", "The column \"valid\" of the list is not used: its values, such as 1, are not "
        + "train, validation and test.")]
    [InlineData("split_2;split;other", "train;train;test,test;val;test,train;test;test,test;train;train", "Train,Validation,Test,Train",
        "The column \"split_2\" of the list is not used: the splits are those of \"split\".",
        "The column \"other\" of the list is not used: the splits are those of \"split\".")]
    [InlineData("group", "train,test,tets,test", "None,None,None,None", "The column \"group\" of the list is not used: its values, such as "
        + "train, are not train, validation and test.")]
    public void Splits_are_read_from_columns_of_any_name(string names, string values, string expected, params string[] remarks)
    {
        Touch("1.jpg", "2.jpg", "3.jpg", "4.jpg");
        var lines = values.Split(',').Select((value, i) => $"{i + 1}.jpg,{(char)('a' + (i % 2))},{value.Replace(';', ',')}\n");
        var list = Open($"path,label,{names.Replace(';', ',')}\n{string.Concat(lines)}");

        Assert.Equal(expected, string.Join(',', list.Photos.Select(photo => photo.Split)));
        Assert.Equal(remarks, list.Remarks);
    }

    [Fact]
    public void Photos_of_folders_named_as_splits_are_divided_by_a_column_only()
    {
        Touch("train/1.jpg", "test/2.jpg");
        var list = Open("train/1.jpg,cat\ntest/2.jpg,cat\n");
        Assert.Equal(["The list has no column for the split, though its photos lie in train, test."], list.Remarks);
    }

    [Fact]
    public void Of_two_files_of_a_name_that_in_the_folder_named_as_the_list_counts()
    {
        Touch("list/1.jpg", "test/1.jpg", "list/2.jpg");
        var photos = Open("id,label\n1,cat\n2,cat\n").Photos.Select(photo => photo.Path);
        Assert.Equal([Folder.File("list/1.jpg"), Folder.File("list/2.jpg")], photos);
    }

    [Fact]
    public void Photos_may_lie_beside_the_folder_of_the_list()
    {
        Touch("images/1.jpg", "images/1.txt", "labels/in/2");
        var list = PhotoCsv.Open(Folder.Write("labels/list.csv", "1.jpg,cat\n1.txt,cat\n2,cat\n"u8.ToArray()));
        Assert.Equal([Folder.File("images/1.jpg"), Folder.File("labels/in/2")], list.Photos.Select(photo => photo.Path));
        Assert.Equal(Folder.File("labels/1.txt"), Assert.Single(list.Problems).Path);
    }

    [Fact]
    public void A_line_without_a_label_is_a_problem_and_no_class()
    {
        Touch("1", "2", "3", "4", "5");
        var list = Open("1,NA\n2,NaN\n3,\n4,none\n5,None\n");

        Assert.Equal(["NA", "none"], list.ClassNames);
        string[] expected = ["line 2 has no label", "line 3 has no label", "line 5 has no label"];
        Assert.Equal(expected, list.Problems.Select(problem => problem.Problem));
    }

    [Theory]
    [InlineData("PK\u0003\u0004\u0014\0", "another file (zip), such as an Excel workbook; save it as CSV")]
    [InlineData("\u001F\u008B\b\0", "another file (gzip)")]
    [InlineData("PAR1\u0015\u0004\0", "another file (parquet)")]
    [InlineData("%PDF-1.7\n%\u00E2\u00E3", "another file (PDF)")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "another file (git-lfs pointer)")]
    [InlineData("\n<!DOCTYPE html><p>a,b", "another file (HTML or XML)")]
    public void What_is_no_list_but_is_named_as_one_is_said_to_be_what_it_is(string content, string found)
    {
        var path = Folder.Write("list.csv", Encoding.Latin1.GetBytes(content));
        Assert.Equal($"{path}: expected a list of photos, path,label in each line, but found {found}.", Refusal(() => PhotoCsv.Open(path)));
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void A_list_may_be_UTF_16(string encoding, bool hasMark)
    {
        Touch("\u00F6.jpg");
        var text = Encoding.GetEncoding(encoding).GetBytes((hasMark ? "\uFEFF" : "") + "path,label\n\u00F6.jpg,K\u00F6ln\n");

        Assert.Equal("K\u00F6ln", Assert.Single(PhotoCsv.Open(Folder.Write("list.csv", text)).ClassNames));
    }

    [Fact]
    public void A_list_of_another_encoding_is_refused_with_the_line()
    {
        Touch("a.jpg");
        var path = Folder.Write("list.csv", Encoding.Latin1.GetBytes("a.jpg,cat\r\n\r\na.jpg,K\u00F6ln\r\n"));
        Assert.Equal(
            $"{path}, line 3: expected text in UTF-8 or UTF-16, but found another encoding, such as Latin-1; save the list as UTF-8 (in "
            + "Excel as CSV UTF-8).",
            Refusal(() => PhotoCsv.Open(path)));
    }

    [Theory]
    [InlineData("1.jpg,a\n2.jpg,b\n9.jpg,b\n")]
    [InlineData("1,a\n2,b\n")]
    [InlineData("data/images/1.jpg,a\ndata/images/2.jpg,b\n", 1)]
    [InlineData("C:\\data\\images\\1.jpg,a\nC:\\data\\images\\2.jpg,a\n", 2)]
    [InlineData("/set/photos/1.jpg,a\n/set/photos/2,a\n", 2)]
    [InlineData("set/images/1.jpg,a\nset/more/images/2.jpg,a\n")]
    [InlineData("IMAGES/1.JPG,a\nmore\\IMAGES/2,b\n", 0, 0)]
    [InlineData("file:///home/me/set/images/1.jpg,a\nfile:///home/me/set/more/images/2.jpg,a\n", 3)]
    public void Photos_are_found_by_the_ends_of_their_paths(string text, int skipped = 0, int elsewhere = 2)
    {
        Touch("set/images/1.jpg", "set/more/images/2.jpg", "set/.trash/1.jpg", "set/1.txt");
        var list = PhotoCsv.Open(Folder.Write("set/list.csv", Encoding.UTF8.GetBytes("path,label\n" + text)));

        Assert.Equal([Folder.File("set/images/1.jpg"), Folder.File("set/more/images/2.jpg")], list.Photos.Select(photo => photo.Path));
        var by = skipped > 0 ? $"the path without its first {skipped} names" : "name";
        var folders = $"{Folder.File("set/images")}, {Folder.File("set/more/images")}";
        var remark = $"{elsewhere} photos not where the list says, but found by {by}, in {folders}.";
        Assert.Equal(elsewhere == 0 ? [] : [remark], list.Remarks);
    }

    [Theory]
    [InlineData("6.jpg", "a/6.jpg", "b/6.jpg")]
    [InlineData("7", "7.jpg", "7.png")]
    [InlineData("CAT.JPG", "Cat.jpg", "cat.jpg")]
    public void A_name_that_fits_two_files_is_a_problem(string name, string first, string second)
    {
        Touch("1.jpg", first, second);
        var list = Open($"1.jpg,cat\n{name},cat\n");

        Assert.Equal([Folder.File("1.jpg")], list.Photos.Select(photo => photo.Path));
        Assert.Equal(
            $"line 2 does not say which of 2 files it is, such as {Folder.File(first)} and {Folder.File(second)}",
            Assert.Single(list.Problems).Problem);
    }

    [Fact]
    public void A_name_is_not_found_by_less_of_its_path_than_others_are()
    {
        Touch("cat/1.jpg", "cat/2.jpg", "dog/3.jpg");
        var list = Open("/data/cat/1.jpg,cat\n/data/cat/2.jpg,cat\n/data/cat/3.jpg,cat\n");

        Assert.Equal(2, list.Photos.Count);
        Assert.Contains("there is no such file", Assert.Single(list.Problems).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "test", "line 1 lists it too (cat, for train); line 2 counts (cat, for test)", "Test")]
    [InlineData("val", "", "line 2 lists it too (cat); line 1 counts (cat, for validation)", "Validation")]
    public void A_photo_of_two_splits_is_not_trained_on(string first, string second, string problem, string kept)
    {
        Touch("a.jpg", "b.jpg");
        var list = Open($"a.jpg,cat,{first}\n./a.jpg,cat,{second}\nb.jpg,cat,train\n");

        Assert.Equal([kept, "Train"], list.Photos.Select(photo => $"{photo.Split}"));
        Assert.Equal(problem, Assert.Single(list.Problems).Problem);
    }

    [Theory]
    [InlineData("image_id,healthy,rust\na,1,0", "line 1: expected one column for the label (label, class, category, target, tag or "
        + "class_name), but found healthy, rust; rename the right one to label.")]
    [InlineData("path,label,Label\na,1,0", "line 1: expected one column for the label (label, class, category, target, tag or class_name), "
        + "but found label, Label; rename the right one to label.")]
    [InlineData("id,path\n1,a.jpg", "line 1: expected one column for the label (label, class, category, target, tag or class_name), but "
        + "found none.")]
    [InlineData("path,label\na,b,,x", "line 2: expected at most 2 fields, as the first line has, but found 4 fields: a, b, , x.")]
    [InlineData("a.jpg,cat\nb.jpg\n", "line 2: expected path,label or path,label,split, but found 1 field: b.jpg.")]
    [InlineData("a.jpg,cat\n\n\"x\ny\",cat\n1,2,x,4", "line 5: expected path,label or path,label,split, but found 4 fields: 1, 2, x, 4.")]
    [InlineData("a.jpg,cat,tset", "line 1: expected train, validation or test for the split, but found tset.")]
    [InlineData("a.jpg,cat\n,cat", "line 2: expected path,label or path,label,split, but found no path.")]
    [InlineData("a.jpg,cat\n\"b,cat\nc\n", "line 2: expected a quote at the end of each quoted field, but found the end of the file.")]
    [InlineData("\"a\".jpg,cat", "line 1: expected a delimiter or the end of the line behind a quoted field, but found something else.")]
    public void A_line_that_is_none_is_named(string text, string expected)
    {
        Touch("a.jpg");

        Assert.Equal($"{Folder.File("list.csv")}, {expected}", Refusal(() => Open(text)));
    }

    [Theory]
    [InlineData("./a.jpg")]
    [InlineData("sub/../a.jpg")]
    [InlineData("link/a.jpg")]
    [InlineData("link.jpg")]
    public void A_photo_is_one_photo_however_it_is_spelt(string other)
    {
        Touch("a.jpg");
        Directory.CreateDirectory(Folder.File("sub"));
        Directory.CreateSymbolicLink(Folder.File("link"), ".");
        File.CreateSymbolicLink(Folder.File("link.jpg"), "a.jpg");
        var list = Open($"a.jpg,cat,train\n{other},dog,test\n");

        Assert.Equal("cat", Assert.Single(list.ClassNames));
        Assert.Equal("line 2 lists it too (dog, for test); line 1 counts (cat, for train)", Assert.Single(list.Problems).Problem);
    }

    [Fact]
    public void What_is_missing_or_listed_twice_is_a_problem_but_no_failure()
    {
        Touch("a.jpg");
        ImageFileEntry[] expected =
        [
            new(Folder.File("b.jpg"), "there is no such file, though line 2 lists it"),
            new(Folder.File("a.jpg"), "line 3 lists it too (dog); line 1 counts (cat)"),
            new(Folder.File("a.jpg"), "line 4 lists it too (cat); line 1 counts (cat)"),
        ];
        var list = Open("a.jpg,cat\nb.jpg,cat\na.jpg,dog\na.jpg,cat\n");
        Assert.Equal(expected, list.Problems);
        Assert.Equal(["1 of 1 listed photos under two labels; that of the first line counts."], list.Remarks);
    }

    [Theory]
    [InlineData("a.jpg,image\nb.jpg,id\n")]
    [InlineData("./a.jpg,photo\nb.jpg,label\n")]
    [InlineData("a,cat\nb,dog\n")]
    public void A_class_may_have_the_name_of_a_column(string text)
    {
        Touch("a.jpg", "b.jpg");
        Assert.Equal(2, Open(text).Photos.Count);
    }

    [Fact]
    public void A_list_of_nothing_is_refused()
    {
        Assert.Contains("an empty list", Refusal(() => Open("path,label\n")), StringComparison.Ordinal);
        Assert.Contains("no photo that is there", Refusal(() => Open("a,b\n")), StringComparison.Ordinal);
        Assert.Contains("no label in any line", Refusal(() => Open("a,\" \"\n")), StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public void Whatever_is_quoted_is_read_again_with_its_line(string?[][] records)
    {
        var expected = records.Select(record => record.Select(field => field ?? "").ToArray())
            .Where(record => record.Length > 0 && (record.Length > 1 || !string.IsNullOrWhiteSpace(record[0]))).ToList();
        var text = string.Concat(expected.Select(record => string.Join(',', record.Select(Quote)) + "\n"));
        var read = CsvReader.Read(text, "list").ToList();

        Assert.Equal(expected, read.Select(record => record.Fields.ToArray()));
        var line = 1;
        foreach (var (record, fields) in read)
        {
            Assert.Equal(line, record);
            line += 1 + fields.Sum(field => field.Count(character => character == '\n'));
        }

        static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [Property(MaxTest = 300)]
    public void Any_text_is_read_or_refused(string? text)
    {
        var exception = Record.Exception(() => CsvReader.Read(text ?? "", "list").ToList());
        Assert.True(exception is null or InvalidDatasetException, exception?.ToString());
    }

    private static string Refusal(Action open) => Assert.Throws<InvalidDatasetException>(open).Message;

    private PhotoList Open(string text)
    {
        File.WriteAllText(Folder.File("list.csv"), text);
        return PhotoCsv.Open(Folder.File("list.csv"));
    }

    private void Touch(params string[] names) => Array.ForEach(names, name => Folder.Write(name, []));
}
