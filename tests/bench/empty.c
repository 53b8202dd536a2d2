/* SPDX-License-Identifier: ISC */
/* empty: the COMMAND that costs nothing. */
int main(void)
{
	return 0;
}
